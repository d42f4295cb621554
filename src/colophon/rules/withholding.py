"""What keeps a record out of lists: a rejection, or an owner review that is still asked for."""

import re

_REVIEW = r"(?:an? |any )?owner(?:'s)? (?:review|approval|sign-?off)"
_ESCALATION = r"escalat\w* to (?:the )?owner"
_ASKED = re.compile(rf"\b(?:{_ESCALATION}|{_REVIEW})\b")
# Narrow on purpose: "do not publish without owner review" and "owner review not done" still ask for one.
_TAKEN_BACK = re.compile(
    rf"\b(?:no|never)(?: further| more| additional)? (?:{_ESCALATION}|{_REVIEW})\b"
    rf"|\bnot (?:to )?(?:{_ESCALATION}|(?:need|require)s? {_REVIEW})\b"
    rf"|\b{_REVIEW}\W{{1,3}}(?:(?:is|was|has|been) )*"
    r"(?:not (?:needed|necessary|required|applicable)|unnecessary|waived|none"
    r"|done|completed?|passed|granted|given|closed)\b"
)


def is_rejected(decision: str | None) -> bool:
    """Whether the stated decision of the review panel is REJECT, in any case."""
    return decision is not None and decision.strip(" .").casefold() in ("reject", "rejected")


def asks_for_owner_review(text: str | None) -> bool:
    """Whether a printed policy or header asks for an owner's review before publication."""
    folded = re.sub(r"[\s_]+", " ", text or "").casefold()
    return bool(_ASKED.search(_TAKEN_BACK.sub(" ", folded)))


def open_owner_review(policy: str | None, header: str | None) -> str | None:
    """Return the text that asks for an owner review, or None.

    The header counts only where no policy is printed: a policy is the later, more exact word.
    """
    if policy is not None:
        return policy if asks_for_owner_review(policy) else None
    return header if asks_for_owner_review(header) else None
