"""The search index, as a script, because a page opened from disk may not fetch a file.

``u`` is the address, ``t`` the title, ``k`` the tier or kind, ``x`` the text that is searched and shown.
"""

import re
from collections.abc import Iterator

from colophon import bundle, canon, schema
from colophon.judgement import Judged
from colophon.model import Artifact
from colophon.pages import Output, _figures, _lists, _log, _words, contracts, registry_page
from colophon.pages.rules_index import first_sentence
from colophon.views import RegistryView

# A reader's browser loads all of it at once; the page of the search looks through all papers.
_NEWEST = 200
_TITLE, _TEXT, _NOTE = 300, 600, 120
_META = re.compile(r"^(title|description): (.+)$", re.MULTILINE)
# What could end a script element, or a line of a script, is written as an escape.
_ESCAPES = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})
Doc = dict[str, str]


@registry_page("search_index")
def search_index(view: RegistryView) -> Iterator[Output]:
    """Yield assets/search-index.js."""
    docs = [*_papers(view), *_overviews(view), *_rules(view), *_prose()]
    yield Artifact("assets/search-index.js", "text/javascript", script(docs))


def script(docs: list[Doc]) -> bytes:
    """Return the script that holds the documents."""
    text = canon.compact({"docs": docs}).decode().translate(_ESCAPES)
    return f"window.colophonSearch = {text};\n".encode()


def _papers(view: RegistryView) -> Iterator[Doc]:
    for item in _lists.newest_first(view.announced)[:_NEWEST]:
        yield {
            "u": f"papers/{item.id}.html",
            "t": _words.short(_log.titled(item), _TITLE),
            "k": item.derived.tier.value,
            "x": _words.short(_text(item), _TEXT),
        }


def _text(item: Judged) -> str:
    """Return the text under which a paper is found besides its title."""
    facts = item.facts
    sources = ", ".join(identifier for _, identifier in facts.sources)
    cites = f" Cites {sources}." if sources else ""
    about = f"{facts.about} {facts.publisher}, {facts.display_id}"
    return f"{_stands(item)}{about}: {next(_figures.reasons(item), '')}{cites}"


def _stands(item: Judged) -> str:
    """Return the state of a paper that is not CURRENT, and what happened to it last: type and note."""
    if not item.facts.history:
        return ""
    newest = item.facts.history[-1]
    what = newest.type.replace("_", " ").lower()
    return f"State {item.derived.state.value.lower()}, last event {what}: {_words.short(newest.note, _NOTE)} "


def _overviews(view: RegistryView) -> Iterator[Doc]:
    """Yield the pages that are made of the whole registry, and each tier at its place among the tiers."""
    tiers = _lists.tiers(view.settings)
    for path, title, text in (
        ("papers.html", "Papers", "All listed papers, the newest first."),
        ("search.html", "Search", "All papers by their words, with tier, level, state, year and publisher."),
        ("tiers.html", "Tiers", f"Evidence tiers: {', '.join(tier['label'] for tier in tiers.values())}."),
        ("findings.html", "Findings", "How often each rule found something, and where."),
        ("sources.html", "Sources", "The cited sources and the papers that cite them."),
        ("corrections-log.html", "Corrections log", "What was corrected, disputed, taken back or declined."),
        ("calibration.html", "Calibration", "How often each verdict was right, and which goals are met."),
        ("withheld.html", "Withheld", "The withheld papers, each with its reasons."),
        ("rules/index.html", "Rules", "All rules by family, with severity and class."),
        (
            "schemas.html",
            "Contracts",
            f"Schemas and fields: {', '.join(contracts.in_order(schema.known()))}.",
        ),
    ):
        yield {"u": path, "t": title, "k": "page", "x": text}
    for name, tier in tiers.items():
        text = f"{tier['wording']} {tier['rule']}"
        yield {"u": f"tiers.html#{name.lower()}", "t": f"Tiers: {tier['label']}", "k": name, "x": text}


def _rules(view: RegistryView) -> Iterator[Doc]:
    for code, rule in sorted(view.rules.items()):
        path = f"rules/{code.lower()}-{rule.slug}.html"
        yield {"u": path, "t": f"{code} {rule.slug}", "k": "rule", "x": first_sentence(rule.what)}


def _prose() -> Iterator[Doc]:
    """Yield the prose pages by their title and description."""
    for file in sorted((bundle.root() / "docs").glob("*.md")):
        head = file.read_text(encoding="utf-8").partition("\n---")[0]
        meta = dict(_META.findall(head))
        if head.startswith("---") and meta.keys() >= {"title", "description"}:
            yield {"u": f"{file.stem}.html", "t": meta["title"], "k": "page", "x": meta["description"]}
