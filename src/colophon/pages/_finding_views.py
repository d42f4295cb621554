"""Three views of all findings: rules by tier, the papers with most, and stated confidence against verdict."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from colophon.claim_facts import CUT, STEPS, SUPPORTING
from colophon.judgement import Judged
from colophon.model import Page, Severity
from colophon.pages import _charts, _lists, _log, _words, render
from colophon.pages._charts import Chart, Kind, chart, counted_of, interval
from colophon.pages._figures import Found
from colophon.pages._verdicts import VERDICTS
from colophon.views import RegistryView

BY_TIER, MOST, CONFIDENCE = "findings/by-tier", "findings/most", "findings/confidence"
# Rules and papers in a chart; bytes of a table beside a chart.
_BARS, _ROOM = 15, 16_000
_PAPERS = 20
# Parts of a bar: what verdicts they take together.
_PARTS = (
    (Kind("quoted", "quoted or values match"), ("quoted", "values_match")),
    (Kind("located", "located"), ("located",)),
    (Kind("conflict", "conflict or disputed"), ("conflict", "disputed")),
    (Kind("not_located", "not located"), ("not_located",)),
    (Kind("source_missing", "source missing"), ("source_missing",)),
    (Kind("none", "not looked up, or cut"), ("", CUT)),
)
# The step at which the rule begins that the reports state: verified from 0.15 on.
_VERIFIED_FROM = 3


def by_tier(view: RegistryView, found: Sequence[Found]) -> Iterator[Page]:
    """Yield how many papers of each tier each rule found something in."""
    sizes = Counter(item.derived.tier.value for item in view.listed)
    tiers = [tier for tier in _lists.tiers(view.settings).values() if sizes[tier["name"]]]
    names = [tier["name"] for tier in tiers]
    fired = sorted((one for one in found if one.findings), key=lambda one: (-one.papers, one.rule.code))
    counted = [(one, _per_tier(one, names)) for one in fired]
    drawn = None
    if len(view.listed) >= _charts.FEWEST:
        kinds = [Kind(tier["name"].lower(), tier["label"]) for tier in tiers]
        bars = [(one.rule.code, counts) for one, counts in counted[:_BARS]]
        drawn = chart("Papers with a finding of each rule, by evidence tier", kinds, bars, labels=14)
    rows = [_rule_row(one, counts, [sizes[name] for name in names]) for one, counts in counted]
    heads = [(tier["label"], sizes[tier["name"]]) for tier in tiers]
    for part in _lists.parts(BY_TIER, rows, room=_ROOM):
        body = render(
            "findings_by_tier.html", part=part, heads=heads, total=len(view.listed), rules=len(counted),
            chart=drawn if part.number == 1 else None, bars=min(_BARS, len(counted)), fewest=_charts.FEWEST,
        )  # fmt: skip
        about = "In how many papers of each evidence tier each rule found something."
        yield Page(part.path, part.titled("Findings by tier"), about, "findings", body)


def _per_tier(found: Found, tiers: Sequence[str]) -> list[int]:
    papers = {item.id: item.derived.tier.value for item, _ in found.findings}
    counted = Counter(papers.values())
    return [counted[name] for name in tiers]


def _rule_row(found: Found, counts: Sequence[int], sizes: Sequence[int]) -> str:
    cells = [counted_of(count, size) for count, size in zip(counts, sizes, strict=True)]
    return render("_rule_tier_row.html", rule=found.rule, cells=cells, total=found.papers, path=found.path)


def most(view: RegistryView) -> Page:
    """Return the papers with most findings, first those with more errors where they have as many."""
    counted = [
        (item, Counter(finding.severity for finding in item.findings))
        for item in _lists.newest_first(view.listed)
        if item.findings
    ]
    counted.sort(key=lambda pair: (-len(pair[0].findings), *(-pair[1][severity] for severity in Severity)))
    shown = counted[:_PAPERS]
    drawn = None
    if len(view.listed) >= _charts.FEWEST:
        kinds = [Kind(severity.value, severity.value) for severity in Severity]
        bars = [
            (_words.short(item.facts.display_id, 40), [counts[severity] for severity in Severity])
            for item, counts in shown
        ]
        drawn = chart("Findings of the papers with most of them, by severity", kinds, bars, labels=32)
    body = render(
        "findings_most.html",
        rows=[_paper(item, counts, view) for item, counts in shown],
        chart=drawn,
        papers=_words.counted(len(view.listed), "paper"),
        having=len(counted),
        severities=[severity.value for severity in Severity],
        fewest=_charts.FEWEST,
    )
    return Page(
        f"{MOST}.html", "Papers with most findings", "The papers with most findings.", "findings", body
    )


def _paper(item: Judged, counts: Counter[Severity], view: RegistryView) -> dict[str, object]:
    return {
        "row": _lists.paper_row(item, view.settings),
        "title": _words.short(_log.titled(item), _lists.TITLE),
        "counts": [(severity.value, counts[severity]) for severity in Severity],
    }


@dataclass(frozen=True, slots=True)
class Line:
    """The claims of one or several steps: how many have each verdict that occurs, and what that comes to."""

    label: str
    counts: tuple[int, ...]
    supported: int
    looked_up: int

    @property
    def total(self) -> int:
        """All of its claims."""
        return sum(self.counts)

    @property
    def share(self) -> str:
        """What is supported of what was looked up."""
        return interval(self.supported, self.looked_up)


def confidence(view: RegistryView) -> Page:
    """Return what the confidences that reports state came to, claim by claim, as steps of 0.05."""
    steps = steps_by_verdict(view.listed)
    verdicts = [verdict for verdict in VERDICTS if verdict in steps]
    table = [[steps[verdict][at] for verdict in verdicts] for at in range(STEPS)]
    held = [at for at, counts in enumerate(table) if any(counts)]
    lines = [_line(_step(at), verdicts, table[at]) for at in range(held[0], held[-1] + 1)] if held else []
    whole = [
        _line(label, verdicts, [sum(column) for column in zip(*rows, strict=True)])
        for label, rows in (("below 0.15", table[:_VERIFIED_FROM]), ("0.15 or more", table[_VERIFIED_FROM:]))
    ]
    looked_up = sum(line.looked_up for line in whole)
    drawn = _by_confidence(lines, verdicts) if looked_up >= _charts.FEWEST else None
    body = render(
        "findings_confidence.html", heads=[VERDICTS[verdict] for verdict in verdicts], lines=lines,
        whole=whole, chart=drawn, stating=sum(line.total for line in whole), looked_up=looked_up,
        listed=sum(item.facts.claims or 0 for item in view.listed), fewest=_charts.FEWEST,
    )  # fmt: skip
    about = "The confidence that a report states of a claim, against our verdict on it."
    return Page(f"{CONFIDENCE}.html", "Stated confidence and verdict", about, "findings", body)


def _by_confidence(lines: Sequence[Line], verdicts: Sequence[str]) -> Chart:
    bars = []
    for line in lines:
        counted = dict(zip(verdicts, line.counts, strict=True))
        bars.append((line.label, [sum(counted.get(one, 0) for one in taken) for _, taken in _PARTS]))
    return chart("Claims by stated confidence and our verdict", [kind for kind, _ in _PARTS], bars, labels=27)


def steps_by_verdict(listed: Sequence[Judged]) -> dict[str, list[int]]:
    """Return by verdict the number of claims in each step of stated confidence, over all papers."""
    found: dict[str, list[int]] = {}
    for item in listed:
        for verdict, counts in item.facts.evidence.stated:
            so_far = found.setdefault(verdict, [0] * STEPS)
            found[verdict] = [a + b for a, b in zip_longest(so_far, counts, fillvalue=0)]
    return found


def _line(label: str, verdicts: Sequence[str], counts: Sequence[int]) -> Line:
    by_verdict = dict(zip(verdicts, counts, strict=True))
    supported = sum(by_verdict.get(verdict, 0) for verdict in SUPPORTING)
    looked_up = sum(count for verdict, count in by_verdict.items() if verdict not in ("", CUT))
    return Line(label, tuple(counts), supported, looked_up)


def _step(at: int) -> str:
    return f"{at / STEPS:.2f} to {(at + 1) / STEPS:.2f}"
