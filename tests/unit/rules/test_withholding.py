"""When a report asks for its owner, and when that is settled."""

import pytest

from colophon.rules.withholding import asks_for_owner_review, open_owner_review


@pytest.mark.parametrize(
    "text",
    [
        "ESCALATE_TO_OWNER",
        "HOLD_FOR_OWNER",
        "on hold for owner",
        "pending owner approval",
        "awaiting owner sign-off",
        "Awaiting owner's sign off",
        "Autonomous draft — Owner review required before publication",
        "OWNER_REVIEW",
        "Escalated to the owner",
        "Do not publish without owner review",
        "owner review not done",
        "Owner approval pending",
        "To be published after owner review",
        "Will be released following owner approval",
        "Publish only after owner review",
        "Published only after owner review",
        "Not approved after owner review",
        "Not yet approved by owner review",
        "No owner review yet",
        "Must be cleared by owner review",
        "review by the owner required",
        "Held for the owner",
        "once the owner review is completed",
        "Hold until owner review is completed",
        "has not received owner approval",
        "can be released after owner approval",
        "must not be published without owner review",
        "owner review completed: no",
        "Owner review requested",
        "Publish after owner review",
        "Owner review: pending",
        "OWNER REVIEW REQUIRED",
        "Requires owner approval before release",
        "NEEDS_OWNER_APPROVAL",
        "Subject to owner approval",
        "hold_for_owner_review",
        "Draft – not for release without owner's approval",
        "Owner sign-off outstanding",
        "ESCALATED TO OWNER (open)",
        "escalation to the owner",
        "Blocked pending owner approval",
        "Awaiting the owner's decision",
        "needs approval by the owner",
        "Approval from the owner is outstanding",
        "Escalate to human owner",
        "owner must review before release",
        "To be released after the owner has reviewed it",
        "Not for release until the owner has signed it off",
        "Release once the owner confirms",
        "Owner to check first",
        "The owner has yet to review this",
        "unreleased until cleared by the owner",
        "To be approved by its owner",
    ],
)
def test_a_demand_is_seen(text: str) -> None:
    """A demand for the owner is seen in codes and in sentences, also when a review is only to come."""
    assert asks_for_owner_review(text)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "PUBLISH",
        "Approved after owner review",
        "Published after owner review",
        "cleared by owner review",
        "released following owner approval",
        "No owner review required",
        "owner_review: none",
        "Owner review completed on May 1",
        "owner review is not required",
        "do not escalate to owner",
        "does not require an owner review",
        "home owners review",
        "OWNER_REVIEW_REQUIRED=false",
        "owner review required: no",
        "Owner review: approved",
        "Owner approval received on 3 May",
        "Published without owner review",
        "AUTO_PUBLISH without owner review",
        "HOLD_FOR_OWNER (released following owner approval)",
        "ESCALATE_TO_OWNER: approved",
        "Passed owner review",
        "Has received owner approval",
        "This report was published on 3 May after owner review",
        "Accepted with owner approval",
        "not on hold for owner",
        "Owner review was waived",
        "Approved after the owner's review",
        "Approved by the publisher after a full owner review",
        "Published",
        "Released by the owner",
        "Reviewed by the owner and approved",
        "Owner has approved",
        "owner-reviewed and released",
        "Owner review done",
        "Owner approval: granted (2026-03-01)",
        "Cleared for publication by owner review",
        "Published following successful owner review",
        "Issued after approval by the owner",
        "Owner approval obtained",
        "Approved with owner sign-off",
        "No escalation to owner was needed",
        "After owner review, approved for publication",
        "Published upon owner approval",
        "Owner review complete; published",
        "Owner review took place before release",
        "Final version, after owner review",
        "Owner approval is on file",
        "The owner's review was carried out in May",
        "Owner need not review",
        "After the owner had reviewed it, the report was released",
        "The report was held until the owner approved it",
        "The owner must review; reviewed by the owner in May",
    ],
)
def test_a_refusal_is_no_demand(text: str | None) -> None:
    """Text that denies an owner review, or says that it took place, asks for none."""
    assert not asks_for_owner_review(text)


def test_policy_outweighs_header() -> None:
    """The header decides only where no policy is printed."""
    header = "Owner review required"
    assert open_owner_review("AUTO_PUBLISH", header) is None
    assert open_owner_review(None, header) == header
    assert open_owner_review("ESCALATE_TO_OWNER", None) == "ESCALATE_TO_OWNER"
