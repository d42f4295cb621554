"""Whether a printed decision of a review panel rejects the report.

Only forms that speak of the report as a whole count: ``not rejected``, ``one reviewer voted reject`` and
``the panel rejected two claims`` are no rejections.
"""

import re

from colophon.rules.wording import OF_REPORT, clauses, without_asides

# All the words by which a panel says no.
_REJECTED = (
    r"(?:reject(?:ed|ion|s)?|declin(?:ed?|es)|refus(?:ed?|es|al)|den(?:y|ied|ies|ial)|disapprov(?:ed?|al)"
    r"|turned down|fail(?:ed|s|ure)?|no[- ]go"
    r"|not (?:be(?:en)? )?(?:accepted|approved|passed|admitted|endorsed|granted))"
)
_REJECTS = (
    r"(?:(?:reject|declin|refus|disapprov)(?:ed|e?s)|denie[ds]|turn(?:ed|s) down"
    r"|(?:did|does|do|could) not (?:accept|approve|pass|admit|endorse))"
)
_PUBLISHED = r"(?:publish(?:ed)?|released?)"
_DECISION = (
    r"(?:(?:the |our |its )?(?:(?:final|overall|panel|review|editorial|stated|majority)(?:'s)? ){0,3}"
    r"(?:decision|verdict|outcome|result|recommendation|status|vote|panel|majority)"
    r"(?: is| was)?(?: to)?(?: ?[:=] ?| ))?"
)
_PANEL = (
    r"(?:the |our |all (?:\w+ )?)?(?:review |editorial )?(?:panel|tribunal|jury|board|committee|council"
    r"|editors?|reviewers|gate|owner|publisher)(?: has| have)?"
)
_HOW = r"(?:(?:unanimous|strong|weak|clear|desk|final|firm|outright)(?:ly)?[ -]){0,2}"
_ONE = r"(?:reviewer|referee|judge|first|second)\b"
_BY_SOME = rf"(?! by (?:an? |one |two |some |[0-9]+ (?:of|reviewer|referee|judge)|(?:the )?{_ONE}))"
_TALLY = r"[0-9.]{1,6}\s?(?:[-:–/]|to)\s?[0-9.]{1,6}"
_DENIED = r" ?(?:(?:no|false|0)\b|[0-9]+ (?:\w+ )?(?:claims?|sources?|papers?|of)\b)"
_REST = (
    rf"(?:$| ?[:=](?!{_DENIED})| ?/ ?[0-9.]+$"
    rf"|{_BY_SOME} (?:by|for|with|due|because|on|after|at|as|since|from|without|under|below|outright"
    rf"|unanimous(?:ly)?|final|in (?:full|its entirety)|{_TALLY}$)(?!\w))"
)
_FORMS = tuple(
    re.compile(form + _REST)
    for form in (
        rf"{_DECISION}{_HOW}{_REJECTED}(?: {OF_REPORT})?",
        rf"{_PANEL} {_HOW}(?:{_REJECTS}|(?:decided|voted|chose|votes|decides|agreed|recommend(?:s|ed)) "
        rf"(?:{_TALLY} )?{_HOW}(?:to )?(?:reject|decline|refuse))(?: {OF_REPORT}| it)?",
        rf"(?:{OF_REPORT}|it) (?:(?:is|was|has|has been|stands) )?{_HOW}{_REJECTED}",
    )
)
# A decision that forbids publication, with nothing behind it that would let it happen later.
_FORBIDDEN = re.compile(
    rf"(?:{_DECISION}|.{{1,40}}[:=] ?)(?:(?:(?:do|must|should|may|can) not(?: be)?|not to be|never)"
    rf" {_PUBLISHED}(?: {OF_REPORT}| it)?"
    r"|(?:not (?:fit|suitable|recommended|accepted|approved|cleared)|unfit|unsuitable)"
    r" for (?:publication|release))$"
)
_MENTION = re.compile(
    r"reject|declin|refus|den(?:y|ied|ial)|disapprov|turned down|fail|no[- ]go|unfit|unsuitable"
    r"|\bnot\b|never",
    re.IGNORECASE,
)
# What is said beside a rejection and takes it back.
_ACCEPTED = re.compile(
    r"(?<!not )(?<!not be )(?<!cannot be )(?<!never )(?<!no )(?<!0 )"
    r"\b(?:accept(?:ed|s)?|approved?)\b"
)
_OVERTURNED = re.compile(
    r"(?<!not )(?<!never )\b(?:overturned|overruled|reversed|revoked|rescinded|reconsidered"
    r"|(?:later|then|subsequently|eventually|finally|now) (?:accepted|approved)"
    r"|(?:accepted|approved) (?:after|on|in|following))\b"
)
_EARLIER = re.compile(
    r"\b(?:initial(?:ly)?|earlier|previous(?:ly)?|originally|first (?:round|submission|version|draft|review)"
    r"|round 1|once)\b"
)


def is_rejected(decision: str | None) -> bool:
    """Whether a printed decision says that the report was rejected, in a word or in a sentence."""
    text = decision or ""
    if _OVERTURNED.search(" ".join(clauses(text))):
        return False
    said = clauses(without_asides(text))
    if any(_ACCEPTED.search(clause) for clause in said):
        return False
    return any(_rejects(clause) for clause in said)


def mentions_rejection(decision: str) -> bool:
    """Whether a decision has such a word at all, so that what is no rejection here may be one to a reader."""
    return _MENTION.search(decision) is not None


def _rejects(clause: str) -> bool:
    if _EARLIER.search(clause):
        return False
    return _FORBIDDEN.match(clause) is not None or any(form.match(clause) for form in _FORMS)
