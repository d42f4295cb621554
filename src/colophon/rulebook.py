"""Rules as prose: for the terminal and as Markdown pages of the site."""

from collections.abc import Mapping
from textwrap import fill
from typing import Any

from colophon import bundle, yaml_guard
from colophon.model import FindingClass, Rule

_WIDTH = 96


def weight(rule: Rule) -> str:
    """Return class and severity of a rule in words."""
    if rule.finding_class is FindingClass.INTEGRITY:
        return "integrity"
    return f"{rule.severity}, compares stated with derived" if rule.second else str(rule.severity)


def consequence(rule: Rule) -> str:
    """Return what a finding of this rule does."""
    if rule.code == "H101":
        return "The check fails. A build does not read the clock and goes on, so check before you build."
    if rule.code.startswith("H3"):
        return "Shown on the record's page and feeds no tier. A change that adds such a file is refused."
    if rule.code.startswith("H4"):
        return "The change is refused: `colophon check --base` fails. The registry as it was stays."
    if rule.finding_class is FindingClass.INTEGRITY:
        return "The registry is damaged: the check fails and nothing is published until it is mended."
    if rule.second:
        return "Shown on the record's page. It never changes the evidence tier."
    if rule.severity == "error":
        return "Shown on the record's page. The evidence tier is UNSAFE. The check does not fail by default."
    return "Shown on the record's page. The check does not fail by default."


def text(rule: Rule) -> str:
    """Return a rule for the terminal."""
    parts = [f"{rule.code} {rule.slug}  ({weight(rule)})\n"]
    for head, body in _parts(rule):
        parts.append(f"{head}\n{fill(body, _WIDTH, initial_indent='  ', subsequent_indent='  ')}\n")
    return "\n".join(parts)


def released() -> dict[str, Any]:
    """Return the vocabularies that the program carries, by id; their scalars are text."""
    files = sorted(bundle.vocabularies().glob("*.yaml"))
    return {file.stem: yaml_guard.read(file.read_bytes()).value for file in files}


def names(vocabularies: Mapping[str, Any]) -> dict[str, str]:
    """Return what vocabularies, by id, say of tiers, levels, dimensions and reasons, by NAME."""
    texts: dict[str, str] = {}
    for vocabulary, document in vocabularies.items():
        lists = [value for value in document.values() if isinstance(value, list)]
        for entry in [entry for entries in lists for entry in entries if "wording" in entry]:
            said = [entry["wording"], entry.get("rule")]
            body = [fill(text, _WIDTH, initial_indent="  ", subsequent_indent="  ") for text in said
                    if isinstance(text, str) and " " in text]  # fmt: skip
            for key in ("id", "name"):
                if key in entry:
                    texts[entry[key].upper()] = f"{entry[key]}  ({vocabulary})\n\n" + "\n\n".join(body) + "\n"
    return texts


def pages(rules: Mapping[str, Rule]) -> dict[str, str]:
    """Return one Markdown page per rule by file name."""
    return {f"{rule.code.lower()}-{rule.slug}.md": _markdown(rule) for rule in rules.values()}


def _markdown(rule: Rule) -> str:
    parts = [f"# {rule.code} {rule.slug}\n", f"*{weight(rule).capitalize()}.*\n"]
    parts += [f"## {head}\n\n{fill(body, _WIDTH)}\n" for head, body in _parts(rule)]
    if rule.finding_class is FindingClass.EDITORIAL:
        parts.append(f'<p><a href="../findings/{rule.code.lower()}.html">Records with this finding</a></p>\n')
    return "\n".join(parts)


def _parts(rule: Rule) -> list[tuple[str, str]]:
    return [
        ("What it finds", rule.what),
        ("Why it matters", rule.why),
        ("Example", rule.example),
        ("How to mend it", rule.mend),
        ("What follows", consequence(rule)),
    ]
