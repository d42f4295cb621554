"""The findings: how often each rule found something, and where."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from colophon.model import Page
from colophon.pages import Output, _finding_views, _lists, _log, _words, registry_page, render, rendered
from colophon.pages._fields import plain
from colophon.pages._figures import Found, found_by_rule, sentence
from colophon.pages._places import said
from colophon.views import RegistryView

_MESSAGE = 400
_POINTER = 120


@registry_page("findings")
def findings(view: RegistryView) -> Iterator[Output]:
    """Yield the table of all rules, three views of all findings and one list of findings per rule.

    The views have pages of their own: with all of them one page would pass 40 KB.
    """
    by_rule = found_by_rule(view)
    yield _overview(view, by_rule)
    yield from _finding_views.by_tier(view, by_rule)
    yield _finding_views.most(view)
    yield _finding_views.confidence(view)
    for found in by_rule:
        yield from _of_rule(found)


def _overview(view: RegistryView, by_rule: list[Found]) -> Page:
    """Return findings.html: the rules that found something, then those that did not."""
    total = sum(len(found.findings) for found in by_rule)
    flagged = {item.id for found in by_rule for item, _ in found.findings}
    papers = _words.counted(len(view.listed), "paper")
    text = f"{_words.counted(total, 'finding')} in {len(flagged):,} of {papers}"
    body = render(
        "findings.html",
        text=text,
        fired=[found for found in by_rule if found.findings],
        silent=[found for found in by_rule if not found.findings],
        withheld=len(view.withheld),
        most=max((len(item.findings) for item in view.listed), default=0),
    )
    return Page("findings.html", "Findings", f"{text}, by rule.", "findings", body)


def _of_rule(found: Found) -> Iterator[Page]:
    """Yield the list of one rule's findings."""
    rule = found.rule
    base = found.path.removesuffix(".html")
    total = _words.counted(len(found.findings), "finding")
    text = f"{total} in {_words.counted(found.papers, 'paper')}"
    title = f"{rule.code} {rule.slug}"
    for part in _lists.parts(base, rendered("_finding_rows.html", _rows(found))):
        body = render(
            "findings_rule.html", part=part, found=found, what=plain(rule.what), text=text, title=title
        )
        yield Page(part.path, part.titled(f"Findings of {title}"), f"{title}: {text}.", "findings", body)


def _rows(found: Found) -> Iterator[dict[str, Any]]:
    """Yield the findings of a rule for their rows; those of one paper follow each other."""
    for _, group in groupby(found.findings, key=lambda pair: pair[0].id):
        pairs = list(group)
        item = pairs[0][0]
        paper = {
            "id": item.id,
            "title": _words.short(_log.titled(item), _lists.TITLE),
            "standing": _log.standing(item),
        }
        for _, finding in pairs:
            message, pointer = sentence(said(finding)), finding.pointer
            yield {
                **paper,
                "message": _words.short(message, _MESSAGE),
                "pointer": _words.short(pointer, _POINTER),
            }
