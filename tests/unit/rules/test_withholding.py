"""When a report asks for its owner, and when that is settled."""

import pytest

from colophon.rules.withholding import asks_for_owner_review, is_rejected, open_owner_review


@pytest.mark.parametrize(
    "text",
    [
        "ESCALATE_TO_OWNER",
        "Autonomous draft — Owner review required before publication",
        "OWNER_REVIEW",
        "Escalated to the owner",
        "Do not publish without owner review",
        "owner review not done",
        "Owner approval pending",
    ],
)
def test_a_demand_is_seen(text: str) -> None:
    """A demand for the owner is seen in codes and in sentences."""
    assert asks_for_owner_review(text)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "PUBLISH",
        "No owner review required",
        "owner_review: none",
        "Owner review completed on May 1",
        "owner review is not required",
        "do not escalate to owner",
        "does not require an owner review",
        "home owners review",
    ],
)
def test_a_refusal_is_no_demand(text: str | None) -> None:
    """Text that denies or closes an owner review asks for none."""
    assert not asks_for_owner_review(text)


def test_policy_outweighs_header() -> None:
    """The header decides only where no policy is printed."""
    header = "Owner review required"
    assert open_owner_review("AUTO_PUBLISH", header) is None
    assert open_owner_review(None, header) == header
    assert open_owner_review("ESCALATE_TO_OWNER", None) == "ESCALATE_TO_OWNER"


@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        ("REJECT", True),
        ("Reject", True),
        ("rejected", True),
        ("ACCEPT", False),
        ("REJECT_AND_RESUBMIT", False),
        (None, False),
    ],
)
def test_rejection(decision: str | None, expected: bool) -> None:
    """Only a plain rejection is one, in any case."""
    assert is_rejected(decision) is expected
