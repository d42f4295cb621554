"""Reviews are typed by maintainers: text in, contract out."""

from colophon import contracts, schema, spelling, yaml_guard
from colophon.contracts.review import Review

from .contract_examples import fast_errors

CONTRACT = "review-v1"
WRITTEN = b"""
# yaml-language-server: $schema=https://press.example/schemas/review-v1.json
contract_version: review-v1
paper: 11111111-1111-4111-8111-111111111111
file: papers/11/11111111-1111-4111-8111-111111111111/corrections/taken-back.yaml
sha256: sha256:abababababababababababababababababababababababababababababababab
reviewer: Rae Example
date: 2026-07-03
looked_at: |
  The publisher's notice at https://press.example/notices/1.
"""


def test_a_review_is_written_in_plain_yaml() -> None:
    """A digest, a day and a path need no quotes, and a block text keeps its line end."""
    tree = schema.typed(CONTRACT, spelling.canonical(CONTRACT, yaml_guard.read(WRITTEN).value))
    assert fast_errors(CONTRACT, tree) == []
    review = contracts.read(tree)
    assert isinstance(review, Review)
    assert (review.date, review.reviewer) == ("2026-07-03", "Rae Example")
    assert review.looked_at == "The publisher's notice at https://press.example/notices/1.\n"


def test_shared_forms_are_those_of_the_event() -> None:
    """Ids, names, dates and digests have one form in an event and in its review."""
    event, review = (schema.load(name)["$defs"] for name in ("correction-event-v1", CONTRACT))
    assert {name: event[name] for name in review} == review
