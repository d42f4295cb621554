"""When a header or policy says that the publisher took the report back."""

import pytest

from colophon.rules.withdrawal import withdrawal

PUBLISHER = "Assignee Research"


@pytest.mark.parametrize(
    "text",
    [
        "WITHDRAWN by the publisher on 2026-07-01",
        "WITHDRAWN",
        "Retracted",
        "This report has been withdrawn",
        "Status: RETRACTED",
        "Report status: withdrawn",
        "The publisher retracted this report on 1 July 2026",
        "RETRACTION NOTICE: see below",
        "Assignee Research — WITHDRAWN",
        "[WITHDRAWN] Literature synthesis",
        "Withdrawn: see the new version",
        "Assignee Research has withdrawn this report.",
        "Withdrawn by Assignee Research",
        "This paper was retracted because of errors",
        "Withdrawn on July 1, 2026",
        "WITHDRAWN 2026-07-01",
        "We have withdrawn this synthesis",
        "It was withdrawn by its publisher.",
        "Report withdrawn",
        "Notice of withdrawal",
        "Synthesis [RETRACTED]",
        "retracted for unsupported claims",
        "Withdrawn in July 2026",
        "WITHDRAWN BY PUBLISHER",
        "This record has since been withdrawn by the publisher.",
        "*** RETRACTED ***",
        "RETRACTED – do not cite",
        "Withdrawn (errors in table 2)",
        "This synthesis is withdrawn.",
        "This report was formally retracted on 3 June 2026.",
        "The publisher has withdrawn the report.",
        "Assignee Research withdrew this synthesis on 2026-07-01",
        "Correction status: RETRACTED",
    ],
)
def test_a_withdrawal_is_seen(text: str) -> None:
    """A withdrawal or retraction of the report is seen, and the text is given as the reason."""
    assert withdrawal(PUBLISHER, None, text) == text


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "never withdrawn",
        "Not withdrawn",
        "not retracted",
        "may be withdrawn at any time",
        "Withdrawn: no",
        "Retracted: none",
        "Two sources were retracted",
        "withdrawn sources were excluded",
        "Retracted papers are excluded",
        "Based on 12 papers (2 retracted)",
        "Retraction notice: none",
        "WITHDRAWN 2026-06-01, reinstated 2026-07-01",
        "This report will be withdrawn if errors are found",
        "s003 was retracted by its publisher",
        "One claim was withdrawn by the publisher",
        "The publisher withdrew two claims",
        "no longer withdrawn",
        "Retracted: 2 sources",
        "Withdrawn claims: 2",
        "If withdrawn, a notice appears",
        "Public corrections are additive records.",
        "The paper was retracted by its publisher",
        "This report has not been withdrawn",
        "This report was never retracted",
        "supersedes a withdrawn report",
        "Withdrawn by the publisher of source 3",
        "Current; not withdrawn or retracted",
        "Withdrawn papers: 0",
        "Retraction Watch was consulted",
        "Status: current, not withdrawn",
        "Withdrawal policy: reports may be withdrawn",
        "Retracted sources excluded",
        "The publisher may withdraw this report",
        "retractions: none",
        "Withdrawn? No",
        "This report cites a retracted paper",
        "No source was withdrawn",
        "The publisher has never withdrawn this report",
        "We retracted two claims",
    ],
)
def test_other_words_are_no_withdrawal(text: str | None) -> None:
    """A denial, a possibility, a source, a claim and a withdrawal that was lifted are none."""
    assert withdrawal(PUBLISHER, text) is None
