"""R108: a gate that says verified although nothing ran."""

import re
from collections.abc import Iterator

from colophon.audits import second_audit
from colophon.index import Facts
from colophon.model import Derived, Examination, Flaw, Severity
from colophon.rules.wording import clauses, shown

_RUN = re.compile(
    r"\b(?:verified|reproduced|reproducible|replicated|re ?executed|executed|falsified|refuted|re ?run"
    r"|confirmed by"
    r" (?:a )?(?:re ?)?run|verification (?:passed|succeeded|complete\w*)|reproduction (?:passed|succeeded"
    r"|complete\w*))\b"
)
# Verified, but nothing that is run: who signed it, how it is written.
_OF_FORM = re.compile(
    r"\b(?:signatures?|signed|identit\w+|dois?|metadata|checksums?|digests?|hash\w*|format\w*|schema"
    r"|licen[cs]e|links?"
    r"|references?|orcid|owner\w*|author\w*|publisher|archiv\w+|deposit\w*|manifest)\b"
)
_DENIED = re.compile(
    r"\b(?:not|no|never|un\w+|without|none|nor|neither|pending|awaiting|to be|cannot|if|unless|until|must"
    r"|should|may"
    r"|could|can|0|zero|partly|non)\b"
)
_NOTHING = re.compile(
    r"\b(?:not (?:been )?(?:evaluated|run|executed|applied|assessed|tested|checked|applicable|attempted"
    r"|performed)"
    r"|never (?:run|ran|evaluated|executed)|nothing (?:was |has )?(?:ran|run|executed|evaluated|checked)"
    r"|no (?:runs?|execution|evaluation|code|artifacts?|claims?) (?:was |were |is |are |has "
    r"|have )?(?:been )?"
    r"(?:ran|run|executed|evaluated|available|stored|found|needed|required|checked)?|unevaluated"
    r"|unverified|skipped"
    r"|bypassed|exempt\w*|grandfathered|waived|(?:precedes|predates) (?:the |this "
    r"|our )?(?:\w+ ){0,3}(?:policy|gate|rule)"
    r"|legacy|pending|deferred|0 (?:runs?|claims?) (?:were )?(?:run|evaluated|executed)?)\b"
)


@second_audit("R108", severity=Severity.WARNING)
def verdict_contradicts_runs(facts: Facts, derived: Derived) -> Examination:
    """What: A stated gate whose verdict or reason says that something was verified, reproduced, run or
    falsified needs a run of this record that is stored. No run of any paper is stored in this registry yet.
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
    flaws = [*_asserted_run(verdict, reason), *_empty_date(verdict, reason, evaluated_at)]
    return Examination(max(1, len(flaws)), max(1, len(flaws)), tuple(flaws))


def _asserted_run(verdict: str | None, reason: str | None) -> Iterator[Flaw]:
    """Yield the flaw of a verdict, or else a reason, that says something ran."""
    is_form = reason is not None and _OF_FORM.search(_folded(reason)) and not _says_run(reason)
    for name, text in (("verdict", verdict), ("reason", reason)):
        if text is not None and _says_run(text) and not (name == "verdict" and is_form):
            because = f" ({shown(reason)})" if name == "verdict" and reason else ""
            message = f"the gate says {shown(text)}{because}, and no run of this record is stored"
            yield Flaw(f"/stated/gate/{name}", message)
            return


def _says_run(text: str) -> bool:
    """Whether a clause says, without denial, that something was run or verified that can be run."""
    return any(
        _RUN.search(one) and not _DENIED.search(one) and not _OF_FORM.search(one) for one in clauses(text)
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
