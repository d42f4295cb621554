"""Whether a printed policy or header asks for a review by the owner that is still to come."""

import re

_OWNER = r"(?:(?:the|its|an?|any) )?owner(?:'s)?"
_ACT = r"(?:review|approval|sign[- ]?off|consent|clearance|confirmation|authori[sz]ation)"
_REVIEW = rf"(?:{_OWNER} {_ACT}|{_ACT} (?:by|from) (?:(?:the|its) )?owner)"
_ESCALATION = r"escalat\w{1,4} to (?:(?:the|its|a|human|report) ){0,2}owner"
_WAIT = (
    r"(?:(?:on )?hold|held|holding|waits?|waiting|await(?:s|ing)?|pending)(?: for)?"
    r" (?:(?:the|its) )?owner\b(?!s)"
)
_ASKED = re.compile(rf"\b(?:{_ESCALATION}|{_REVIEW}|{_WAIT})\b")
_REVIEW_ASKED = re.compile(rf"\b{_REVIEW}\b")
_LONGEST = 2000
_DONE = (
    r"(?:done|completed?|passed|granted|given|obtained|received|approved|cleared|confirmed|finished|performed"
    r"|concluded|closed|ok|t(?:ook|aken) place|happened|occurred|carried out|conducted"
    r"|held on|on (?:file|record))"
)
# Narrow on purpose: "do not publish without owner review" and "owner review not done" still ask for one.
_DENIED = re.compile(
    rf"\b(?:no|never)(?: further| more| additional)? (?:{_ESCALATION}|{_REVIEW}|{_WAIT})\b"
    r"(?! (?:so far|to date|until)\b)(?![^.;]{0,40}\byet\b)"
    rf"|\bnot (?:to )?(?:{_ESCALATION}|(?:on |being )?{_WAIT}|(?:need|require)s? {_REVIEW})\b"
    rf"|\b{_REVIEW} (?:is )?(?:required|needed|requested|pending)\W{{1,3}}(?:no|false|none|0)\b"
    rf"|\b{_REVIEW}\W{{1,3}}(?:(?:is|was|has|been) ){{0,3}}"
    r"(?:not (?:needed|necessary|required|applicable)|unnecessary|waived|none|no(?! later))\b"
)
_FINISHED = re.compile(
    r"(?P<before>(?:\b\w{1,20} ){0,2}?)(?P<between>)\b"
    rf"(?:{_REVIEW}\W{{1,3}}(?:(?:is|was|has|been) ){{0,3}}{_DONE}"
    rf"|{_ESCALATION}\W{{1,3}}(?:(?:who|and|then|was) ){{0,2}}(?:{_DONE}|released|resolved))\b"
    r"(?!\W{1,3}(?:no|false|not)\b)"
)
# A review that lies behind: "approved after owner review", "has passed owner review".
_BEHIND = re.compile(
    r"(?P<before>(?:\b[\w']{1,20} ){0,3}?)\b(?:"
    r"(?:approved|published|released|cleared|accepted|posted|issued|made public|final|finali[sz]ed|revised)"
    r"(?P<between>(?: [\w']{1,20}){0,3}?),?"
    r" (?:after|by|following|upon|with|on|in|through|post|under|per|subsequent to)"
    r"|passed|received|obtained|underwent|completed|followed)(?: (?:an|a|the|successful|full)){0,2}"
    rf" {_REVIEW}\b"
)
_UNREVIEWED = re.compile(
    r"(?P<before>(?:\b[\w']{1,20} ){0,3}?)\b(?:auto )?publish(?:ed|es)?"
    rf"(?P<between>(?: [\w']{{1,20}}){{0,3}}?) without (?:any )?{_REVIEW}\b"
)
# The owner as the one who acts: "until the owner has signed off", "must be cleared by its owner".
_ACTS = r"(?:review|approve|confirm|clear|release|check|read|authori[sz]e|consent|agree|sign)"
_ACTED = (
    r"(?:reviewed|approved|confirmed|cleared|released|checked|read|authori[sz]ed|consented|agreed"
    r"|signed(?: off)?)"
)
_TO_ACT = re.compile(
    rf"\b{_OWNER} (?:(?:must|should|shall|will|has to|have to|needs to|is to|to)(?: first| still)?"
    rf"|(?:has|is) yet to) {_ACTS}\b"
    rf"|\b{_OWNER} has(?: not|n't)(?: yet)? {_ACTED}\b"
    rf"|\b(?:until|before|unless|if|when|once) {_OWNER} (?:{_ACTS}s|has(?: \w+)? {_ACTED})\b"
    rf"|\b(?:to be|will be|only|not|never|no)\b[^.;]{{1,40}}\bafter {_OWNER} (?:{_ACTS}s|has {_ACTED})\b"
    rf"|\b(?:to|must|should|shall|will) be {_ACTED} by {_OWNER}\b"
    rf"|\b(?:until|before|unless|if|when|once)(?: (?:it|this) (?:is|has been)| being)? {_ACTED} by {_OWNER}\b"
)
_ACTED_BY = re.compile(
    rf"(?P<before>(?:\b[\w']{{1,20}} ){{0,3}}?)\b{_ACTED} by {_OWNER}\b|\b{_OWNER} {_ACTED}\b"
)
# It lies ahead, or is forbidden without, when one of these stands before the verb or after it.
_AHEAD = re.compile(
    r"\b(?:be|not|never|cannot|only|until|unless|if|once|when|before|will|shall|must|should|can|may|to|no|nothing"
    r"|\w{2,8}n't)\b"
)
_ONLY = re.compile(r"\b(?:only|not|until|unless|if|once)\b")


def asks_for_owner_review(text: str | None) -> bool:
    """Whether a printed policy or header asks for an owner's review before publication."""
    folded = re.sub(r"[\s_]+", " ", (text or "")[:_LONGEST].replace("’", "'")).casefold()
    left = asked = _DENIED.sub(" ", folded)
    for settled in (_BEHIND, _UNREVIEWED, _FINISHED):
        left = settled.sub(_unless_ahead, left)
    # A review that took place answers the escalation or the hold beside it.
    if (_ASKED if left == asked else _REVIEW_ASKED).search(left):
        return True
    return bool(_TO_ACT.search(left)) and left == asked and not _has_acted(left)


def _has_acted(text: str) -> bool:
    """Whether a text says that the owner did what it or another text asks for."""
    return any(not _AHEAD.search(found["before"] or "") for found in _ACTED_BY.finditer(text))


def open_owner_review(policy: str | None, header: str | None) -> str | None:
    """Return the text that asks for an owner review, or None.

    The header counts only where no policy is printed: a policy is the later, more exact word.
    """
    if policy is not None:
        return policy if asks_for_owner_review(policy) else None
    return header if asks_for_owner_review(header) else None


def _unless_ahead(match: re.Match[str]) -> str:
    """Strike a review that lies behind, and leave one that lies ahead."""
    is_ahead = _AHEAD.search(match["before"] or "") or _ONLY.search(match["between"] or "")
    return match[0] if is_ahead else " "
