"""Whether a printed header or policy says that the publisher took the report back.

A withdrawn claim, a retracted source and ``never withdrawn`` say nothing of the kind.
"""

import re

from colophon.rules.wording import OF_REPORT, clauses, without_asides

_BACK = r"(?:withdrawn|retracted)"
_HOW = r"(?:(?:now|hereby|since|formally|fully|officially|permanently|voluntarily) ){0,2}"
# "The paper" may be a source; "this paper" is the report.
_REPORT = rf"(?:this paper|{OF_REPORT.replace('paper|', '', 1)})"
_LABEL = rf"(?:(?:(?:{_REPORT}|correction) )?(?:status|state)(?: is)?(?: ?[:=])? |{_REPORT} ?[:=]? ?)?"
_ONE = r"(?:publisher|owner|issuer|editors?|editorial board|authors?|us)"
_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_WHEN = rf"(?:[0-9]{{4}}\b|[0-9]{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH}|{_MONTH}|[0-9]{{1,2}}[./][0-9])"
_REST = (
    r"(?:$| ?[:=](?! ?(?:(?:none|no|false|never|not)\b|n/a|[0-9]+(?: [a-z]|$)))"
    rf"| by (?:(?:the|its|our) )?{_ONE}(?! of\b)\b"
    rf"| (?:(?:on|as of|since|in) )?{_WHEN}| in full\b"
    r"| (?:for|because|due|after|at the request|pending)\b"
    r"| from (?:publication|the registry|public|circulation)\b)"
)
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_LABEL}{_HOW}{_BACK}(?: {_REPORT})?{_REST}",
        rf"(?:{_REPORT}|it) (?:has (?:since |now |already )?been|was|is|stands) {_HOW}{_BACK}{_REST}",
        r"(?:notice of (?:retraction|withdrawal)|(?:retraction|withdrawal) notice)"
        r"(?:$| ?[:=](?! ?(?:(?:none|no)\b|n/a)))",
        rf"(?:(?:the|its|our) {_ONE}|we)(?: has| have)? {_HOW}"
        rf"(?:withdrew|withdraws?|withdrawn|retracted|retracts?) (?:the |this |our |it\b){_REPORT}?(?!'|\w)",
    )
)
_LIFTED = re.compile(
    r"(?<!not )(?<!never )\b(?:reinstated|restored|reversed|revoked|rescinded|lifted|republished)\b"
)


def withdrawal(publisher: str, *statements: str | None) -> str | None:
    """Return the first statement that says that the report is withdrawn or retracted, or None.

    ``publisher`` is the publisher's name, by which a statement may call it.
    """
    return next((text for text in statements if text is not None and _is_withdrawn(text, publisher)), None)


def _is_withdrawn(text: str, publisher: str) -> bool:
    if publisher.strip():
        text = re.sub(
            rf"(?:\bthe )?{re.escape(publisher.strip())}", "the publisher", text, flags=re.IGNORECASE
        )
    if _LIFTED.search(" ".join(clauses(text))):
        return False
    # A label in square brackets belongs to the report; what stands in round ones to the word before.
    return any(form.match(clause) for clause in clauses(without_asides(text)) for form in _FORMS)
