"""Calibration: how often each verdict was right on public sets, and which goals of the method are met."""

from collections.abc import Iterator
from dataclasses import dataclass

from colophon.grounding.calibration import Result, Row, Set, Share, result
from colophon.model import Page
from colophon.pages import Output, _charts, _words, registry_page, render
from colophon.proportions import wilson_interval
from colophon.views import RegistryView

VERDICTS = ("quoted", "values_match", "located", "conflict", "disputed", "not_located", "source_missing")
# By kind of text: what it is called, and where people's answers come from.
_TEXTS = {
    "full": ("full texts", "news summaries, some of them edited to be wrong, each with its article"),
    "abstract": ("abstracts", "claims of experts, each with an abstract that it cites"),
}
_OF_THEIRS = "of what the reports' rule verifies, S"
NAMES = {
    "S against the rest, balanced accuracy": "Supported against the rest, balanced accuracy; ours says yes "
    "from located on",
    "of C, called supported (quoted or values_match; theirs: verified)": "Of contradicted claims, called "
    "supported: ours quoted or values_match, theirs verified",
    "of S, called supported": "Of supported claims, called supported in this sense",
    "of what is called quoted or values_match, S": "Of what is called quoted or values_match, supported",
    _OF_THEIRS: "Of what the reports' rule verifies, supported",
    "of what is called conflict, not S": "Of what is called conflict, not supported",
    "of number conflicts, not S": "Of number conflicts, not supported",
    "of S with numbers, number conflicts": "Of supported claims with numbers, called a number conflict",
    "evidence sentence, hit@1": "The sentence that people name is found first",
    "evidence sentence, hit@3": "The sentence that people name is among the first three",
    "the right source against another, AUROC": "The right source against another, AUROC",
}
# Not shares of claims, so that no number of claims is right or wrong.
_NO_SHARES = ("balanced accuracy", "AUROC")


@dataclass(frozen=True, slots=True)
class Goal:
    """What the method wants of one measure in one set.  ``least`` is how many claims it takes to tell."""

    kind: str
    measure: str
    limit: float
    at_most: bool = False
    least: int = _charts.FEWEST

    def met(self, share: Share, n: int) -> str:
        """Return in words whether a measured value meets it; an interval may reach past the goal."""
        if n < self.least:
            return "not known, too few"
        sign = -1 if self.at_most else 1
        if share.value * sign < self.limit * sign:
            return "not met"
        worst = share.high if self.at_most else share.low
        return "met" if worst * sign >= self.limit * sign else "met, not surely"


_SUPPORTING = "of what is called quoted or values_match, S"
_FALSE = "of C, called supported (quoted or values_match; theirs: verified)"
_ALARMS = "of S with numbers, number conflicts"
GOALS = (
    Goal("abstract", "the right source against another, AUROC", 0.995),
    Goal("abstract", "evidence sentence, hit@1", 0.58),
    Goal("abstract", "evidence sentence, hit@3", 0.86),
    Goal("abstract", "S against the rest, balanced accuracy", 0.75),
    Goal("full", _SUPPORTING, 0.97, least=150),
    Goal("abstract", _SUPPORTING, 0.97, least=150),
    Goal("full", _FALSE, 0.02, at_most=True),
    Goal("abstract", _FALSE, 0.02, at_most=True),
    Goal("full", "of number conflicts, not S", 0.97),
    Goal("full", _ALARMS, 0.02, at_most=True),
    Goal("abstract", _ALARMS, 0.1, at_most=True),
)
# Wanted too, on claims that neither set has.
UNMEASURED = (
    ("Supported against the rest, balanced accuracy, on claims written by machines", "at least 0.68"),
    ("Claims about tables, supported against refuted, balanced accuracy", "at least 0.62"),
    ("Of claims with numbers and only an abstract that lacks them, called source_missing", "all"),
)
FASTEST = 500


@registry_page("calibration")
def calibration(view: RegistryView) -> Iterator[Output]:
    """Yield calibration.html."""
    found = result()
    body = render(
        "calibration.html",
        method=found.method,
        day=found.day,
        day_text=_words.day(found.day),
        sets=[_shown(found.sets[kind]) for kind in _TEXTS],
        goals=[*_goals(found), *_speeds(found)],
        unmeasured=UNMEASURED,
        carried=_carried(found),
        fewest=_charts.FEWEST,
    )
    about = "How often each verdict was right on public sets, ours and the reports' rule on the same claims."
    yield Page("calibration.html", "Calibration", about, "rules", body)


def _shown(of: Set) -> dict[str, object]:
    """Return one set for its page: what each verdict is worth, and both rules side by side."""
    called, what = _TEXTS[of.kind]
    theirs = of.row(_OF_THEIRS)
    verified = round(theirs.theirs.value * theirs.n) if theirs.theirs else 0
    return {
        "kind": of.kind,
        "name": of.name,
        "called": called,
        "what": what,
        "claims": of.claims,
        "labels": of.labels,
        "verdicts": [_verdict(of, name) for name in VERDICTS],
        "verified": {
            "claims": theirs.n,
            "supported": verified,
            "share": _charts.interval(verified, theirs.n),
        },
        "located": _verdict(of, "located"),
        "any": _charts.interval(of.labels["S"], of.claims),
        "rows": [_row(row) for row in of.rows],
    }


def _verdict(of: Set, name: str) -> dict[str, object]:
    counted = of.verdicts.get(name)
    if counted is None:
        return {"name": name, "claims": 0, "supported": 0, "share": "never given"}
    share = _charts.interval(counted.supported, counted.claims)
    return {"name": name, "claims": counted.claims, "supported": counted.supported, "share": share}


def _row(row: Row) -> dict[str, object]:
    name = NAMES[row.name]
    return {"name": name, "n": row.n, "ours": _ours(row), "theirs": _value(row, row.theirs)}


def _ours(row: Row) -> str:
    return _value(row, row.ours) if row.n else "none was"


def _value(row: Row, share: Share | None) -> str:
    """Return a value with its interval; of too few claims only how many."""
    if share is None:
        return ""
    if row.n < _charts.FEWEST:
        return f"{round(share.value * row.n)} of {row.n}"
    held = _with_interval(row, share)
    return f"{held.value:.3f} ({held.low:.3f} to {held.high:.3f})"


def _with_interval(row: Row, share: Share) -> Share:
    """Return a share with Wilson's interval where all or none were: samples of these never differ."""
    if share.low < share.high or row.name.endswith(_NO_SHARES):
        return share
    return Share(share.value, *wilson_interval(round(share.value * row.n), row.n))


def _goals(found: Result) -> Iterator[dict[str, object]]:
    for goal in GOALS:
        row = found.sets[goal.kind].row(goal.measure)
        share = _with_interval(row, row.ours) if row.ours else Share(0, 0, 0)
        yield {
            "measure": NAMES[row.name],
            "set": _TEXTS[goal.kind][0],
            "wanted": f"at {'most' if goal.at_most else 'least'} {goal.limit:g}{_of_least(goal)}",
            "measured": _ours(row),
            "n": row.n,
            "met": goal.met(share, row.n),
        }


def _of_least(goal: Goal) -> str:
    return f", of {goal.least} claims or more" if goal.least > _charts.FEWEST else ""


def _speeds(found: Result) -> Iterator[dict[str, object]]:
    for kind, of in found.sets.items():
        yield {
            "measure": "Claims a second on one core",
            "set": _TEXTS[kind][0],
            "wanted": f"at least {FASTEST}",
            "measured": f"{of.claims_per_second:,}",
            "n": of.claims,
            "met": "met" if of.claims_per_second >= FASTEST else "not met",
        }


def _carried(found: Result) -> dict[str, int]:
    """Return over all sets how many claims are supported, and how many of these have a word that counts."""
    supporting = [
        of.verdicts[name] for of in found.sets.values() for name in VERDICTS[:2] if name in of.verdicts
    ]
    return {
        "supported": sum(of.labels["S"] for of in found.sets.values()),
        "called": sum(one.supported for one in supporting),
    }
