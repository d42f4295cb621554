"""R108: a gate that says verified although nothing ran."""

import re
from collections.abc import Iterator

from colophon.audits import second_audit
from colophon.index import Facts
from colophon.model import Derived, Examination, Flaw, Severity
from colophon.rules.wording import clauses, shown

_RAN = (
    r"reproduced|reproducible|replicated|re ?executed|executed|falsified|refuted|re ?ran|re ?run"
    r"|(?:verification|reproduction) (?:passed|succeeded|complete\w*)"
)
_RUN_IN_VERDICT = re.compile(rf"\b(?:verified|{_RAN})\b")
# Of claims that its pipeline marked as verified a reason may tell without saying that anything ran.
_RUN_IN_REASON = re.compile(
    rf"\b(?:{_RAN}|verified (?:by|in|with) (?:a |the |our )?(?:re ?)?(?:run|execution))\b"
)
# Verified, but nothing that is run: who signed it, how it is written.
_OF_FORM = re.compile(
    r"\b(?:signatures?|signed|identit\w+|dois?|metadata|checksums?|digests?|hash\w*|format\w*|schema"
    r"|licen[cs]e|links?|references?|orcid|owner\w*|author\w*|publisher|archiv\w+|deposit\w*|manifest)\b"
)
_DENIED = re.compile(
    r"\b(?:not|no|never|without|none|nor|neither|pending|awaiting|to be|cannot|if|unless|until|must|should"
    r"|may|could|can|0|zero|partly|non)\b"
)
_DONE = r"(?:evaluated|run|ran|executed|assessed|tested|checked|applied|applicable|attempted|performed)"
_NOTHING = re.compile(
    rf"\b(?:not (?:yet )?(?:been )?{_DONE}|never {_DONE}|nothing (?:was |has been |has )?{_DONE}"
    rf"|no (?:runs?|execution|evaluation|claims?|code) (?:(?:was|were|is|are|has|have|been) ){{0,2}}{_DONE}"
    r"|no (?:runs?|execution|evaluation)|unevaluated|skipped|bypassed|exempt\w*|grandfathered|deferred"
    r"|pending|legacy|(?:precedes|predates) (?:the |this |our )?(?:\w+ ){0,3}(?:policy|gate|rules?))\b"
)


@second_audit("R108", severity=Severity.WARNING)
def verdict_contradicts_runs(facts: Facts, derived: Derived) -> Examination:
    """What: A stated gate whose verdict or reason says that something was verified, reproduced, run or
    falsified needs a stored run that is bound to a claim of this record, and that the registry answers for.
    A date of evaluation needs a verdict, and a reason that does not say that nothing was evaluated.
    Verdicts on a score, a signature or a form ("PASS", "signature verified") assert no run.

    Why: "VERIFIED" with a date reads as if somebody had run something and seen the number come out. A gate
    that compares a number with itself can say that of every report. This finding is shown and never feeds
    the evidence tier.

    Example: The gate states VERIFIED with the reason "26.5 equals 26.5", for a question about memory of
    caches. Nothing was run.

    Mend: The publisher can publish the run: code, environment, output. If the gate was copied wrongly into
    the record, file a correction with the reason `transcription`. It is shown beside the record, and the
    finding stays.
    """
    if facts.stated_gate is None:
        return Examination()
    verdict, reason, evaluated_at = facts.stated_gate
    if verdict is None and reason is None and evaluated_at is None:
        return Examination()
    ran = any(one.run is not None and not one.is_withheld for one in derived.reruns)
    asserted = () if ran else _asserted_run(verdict, reason)
    flaws = [*asserted, *_empty_date(verdict, reason, evaluated_at)]
    return Examination(max(1, len(flaws)), max(1, len(flaws)), tuple(flaws))


def _asserted_run(verdict: str | None, reason: str | None) -> Iterator[Flaw]:
    """Yield the flaw of a verdict, or else of a reason, that says something ran."""
    is_form = reason is not None and _OF_FORM.search(_folded(reason)) is not None
    if reason is not None and _says(_RUN_IN_REASON, reason):
        yield Flaw(
            "/stated/gate/reason", f"the gate says {shown(reason)}, and no run of this record is stored"
        )
    elif verdict is not None and not is_form and _says(_RUN_IN_VERDICT, verdict):
        because = f" ({shown(reason)})" if reason else ""
        message = f"the gate says {shown(verdict)}{because}, and no run of this record is stored"
        yield Flaw("/stated/gate/verdict", message)


def _says(run: re.Pattern[str], text: str) -> bool:
    """Whether a clause says, without denial, that something was run."""
    return any(
        run.search(one) and not _DENIED.search(one) and not _OF_FORM.search(one) for one in clauses(text)
    )


def _empty_date(verdict: str | None, reason: str | None, evaluated_at: str | None) -> Iterator[Flaw]:
    """Yield the flaw of a date of evaluation beside words that say nothing was evaluated."""
    if evaluated_at is None:
        return
    nothing = next((text for text in (verdict, reason) if text and _NOTHING.search(_folded(text))), None)
    if nothing is not None:
        message = f"evaluated on {evaluated_at}, although the gate says: {shown(nothing)}"
        yield Flaw("/stated/gate/evaluated_at", message)
    elif verdict is None and reason is None:
        yield Flaw("/stated/gate/evaluated_at", f"evaluated on {evaluated_at}, with no verdict and no reason")


def _folded(text: str) -> str:
    return " ".join(clauses(text))
