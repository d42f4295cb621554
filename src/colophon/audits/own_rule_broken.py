"""R103: a report against the rules that it states for itself."""

import re
from collections.abc import Iterator

from colophon.audits import audit
from colophon.contracts.paper_manifest import Measure
from colophon.fold import Record
from colophon.language.sentences import sentences
from colophon.model import Examination, Flaw, Severity
from colophon.rules.decision import is_rejected, mentions_rejection
from colophon.rules.score import Score
from colophon.rules.withholding import asks_for_owner_review, open_owner_review
from colophon.rules.wording import shown

# A gate that is shut, beside the words by which a panel says no.
_SHUT = {"block", "blocked", "hold", "held", "on hold", "closed", "shut", "stopped", "withheld"}
_GATE = re.compile(
    r"^(?:the )?(?:publication )?gate(?: status| verdict)?(?: (?:is|was|has|remains))?[ :=]+", re.I
)
# A least score in the words of a rule: a number from which on, or below which not; no number of things.
_NUMBER = (
    r"(?P<{0}>[0-9]{{1,6}}(?:\.[0-9]{{1,6}})?(?: ?(?:%|percent\b|per cent\b"
    r"|(?:points )?(?:/|out of|of) ?[0-9]{{1,6}}(?:\.[0-9]{{1,6}})?))?)(?: (?:points?|marks?)\b)?"
)
_END = (
    r"(?=\s*(?:$|[.,;:!)](?![0-9])|(?:is|are|was|were|be|or|and|in|for|by|before|on|will|must|can|may|needed"
    r"|required|applies)\b))"
)
_MORE = r"(?:more|higher|above|better|greater|over|up)"
_LEAST = re.compile(
    r"(?:>=?|≥|\b(?:at least|at or above|above|over|exceed(?:s|ing)?|reach(?:es|ing)?|min\.?"
    r"|(?:not|never|no) (?:be |lie |fall |less |lower )?(?:below|under|than)"
    r"|minimum(?: (?:review |total )?score)?(?: for [a-z]{1,20})?(?: of| is|:)?))"
    r" ?(?:a (?:review )?score of )?"
    rf"{_NUMBER.format('least')}{_END}"
    rf"|\bfrom {_NUMBER.format('on')} (?:on|up|upwards?|onwards?)\b"
    rf"|\b{_NUMBER.format('more')},? (?:(?:or|and) {_MORE}\b|upwards?\b|minimum\b)",
    re.IGNORECASE,
)
# What is scored must be the report: its score, or whether it is published.
_OF_REPORT = re.compile(
    r"\b(?:scor(?:e|es|ed|ing)|points?|marks?|ratings?|rated|publish\w*|publication|releas\w+|pass\w*|accept\w*"
    r"|gate|requir\w+)\b|%",
    re.IGNORECASE,
)
_OF_OTHERS = re.compile(
    r"\b(?:claims?|confidence|similarity|cosine|sources?|papers?|references?|abstracts?|each|every|per|reviewers?"
    r"|section|relevance|novelty|tiers?|flagship|doi|badge|featured|recommend\w*|would|could|if|future|next)\b",
    re.IGNORECASE,
)
# A reason that names an exception to its minimum, or another way around it, is no contradiction.
_EXCEPTION = re.compile(
    rf"\b(?:or(?! (?:{_MORE}|equal)\b)(?<!at or)|unless|except\w*|overr?id\w*|waive\w*|exempt\w*|precede\w*"
    r"|predate\w*|before|legacy|manual\w*|automatic\w*|auto|voted?|otherwise|else|not (?:met|reached))\b",
    re.IGNORECASE,
)

_LONGEST = 2000
# One rule applied: None while it cannot be decided, else its flaws (none when it was kept).
Applied = tuple[Flaw, ...] | None


@audit("R103", severity=Severity.ERROR)
def own_rule_broken(record: Record) -> Examination:
    """What: The rules that a report states for itself are applied to what it states of itself. A rejected
    report is not published. A report that asks for its owner's review is not published before it. A score
    below the one under which the panel revises leads to a revision. A report that fails the publication gate,
    or scores below the least score that the gate names, is not published. Every report in this registry was
    published. A printed score that may have been rounded across a limit agrees with either side. A limit
    without a scale is read on the scale of the score. Where the two cannot be on one scale nothing is
    decided.

    Why: A rule that is printed and not followed tells readers that a check stood between the text and them.
    None did.

    Example: The panel's decision is REJECT at 4.8 of 10 and the policy is ESCALATE_TO_OWNER, yet the report
    is public. Its method promises a revision below 6.5, and it states 0 revision rounds.

    Mend: The publisher can withdraw the report, or publish one that followed the rules. If the owner's review
    took place, the publisher can issue a report whose policy or header says so. No event filed here closes a
    review, so the finding on this record stays.
    """
    applied = [*_decision(record), *_owner_review(record), *_revision(record), *_gate(record)]
    decided = [flaws for flaws in applied if flaws is not None]
    return Examination(len(applied), len(decided), tuple(flaw for flaws in decided for flaw in flaws))


def _decision(record: Record) -> Iterator[Applied]:
    decision = record.manifest.stated.decision
    if decision is None:
        return
    if is_rejected(decision):
        yield (
            Flaw("/stated/decision", f"the panel's decision is {shown(decision)}, yet the report is public"),
        )
    else:
        yield None if mentions_rejection(decision) else ()


def _owner_review(record: Record) -> Iterator[Applied]:
    stated = record.manifest.stated
    if stated.policy is None and not asks_for_owner_review(stated.header):
        return
    asked = open_owner_review(stated.policy, stated.header)
    pointer = "/stated/header" if stated.policy is None else "/stated/policy"
    message = (
        f"an owner's review is asked for ({shown(asked or '')}) and none is stated, yet the report is public"
    )
    yield (Flaw(pointer, message),) if asked is not None else ()


def _revision(record: Record) -> Iterator[Applied]:
    stated, panel = record.manifest.stated, record.provenance.panel
    limit = panel.revise_below if panel is not None else None
    if limit is None or stated.review_score is None:
        return
    is_open = stated.revision_rounds is None or (panel is not None and panel.rounds == 0)
    score = Score.read(stated.review_score.text, stated.review_score.unit)
    least = Score.read(limit.text, limit.unit)
    is_below = score.is_below(least) if score is not None and least is not None else None
    if is_open or is_below is None:
        yield None
    elif stated.revision_rounds == 0 and is_below:
        scored = f"0 revision rounds at a score of {stated.review_score.text}"
        message = f"{scored}, the panel revises below {limit.text}"
        yield (Flaw("/stated/revision_rounds", message),)
    else:
        yield ()


def _gate(record: Record) -> Iterator[Applied]:
    stated = record.manifest.stated
    gate = stated.gate
    if gate is None:
        return
    if gate.verdict is not None:
        message = f"the publication gate says {gate.verdict}, yet the report is public"
        yield (Flaw("/stated/gate/verdict", message),) if _has_failed(gate.verdict) else ()
    asked = _asked(gate.reason or "")
    if asked is not None and stated.review_score is not None:
        yield _least_score(asked, gate.reason or "", stated.review_score)


def _has_failed(verdict: str) -> bool:
    """Whether a verdict of the gate says no, in a word, or in a sentence about the gate."""
    said = _GATE.sub("", verdict.strip())
    begun = re.split(r"[:;,.(]", said, maxsplit=1)[0].strip().casefold()
    return begun in _SHUT or is_rejected(said)


def _asked(reason: str) -> str | None:
    """Return the least score of the report that a reason names, None where it names none or several."""
    asked = {
        least["least"] or least["on"] or least["more"]
        for start, end in sentences(reason[:_LONGEST])
        if _OF_REPORT.search(reason, start, end) and not _OF_OTHERS.search(reason, start, end)
        for least in _LEAST.finditer(reason, start, end)
    }
    return asked.pop() if len(asked) == 1 else None


def _least_score(asked: str, reason: str, review_score: Measure) -> Applied:
    """Apply the least score that the gate's reason names."""
    score, least = Score.read(review_score.text, review_score.unit), Score.read(asked)
    is_below = score.is_below(least) if score is not None and least is not None else None
    if is_below is None or _EXCEPTION.search(reason):
        return None
    message = f"the gate asks for a score of at least {asked}, the report has {review_score.text}"
    return (Flaw("/stated/gate/reason", message),) if is_below else ()
