"""X101: texts that end where a generator cut them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from colophon.audits import across, audit
from colophon.contracts.paper_manifest import Manifest
from colophon.fold import Record
from colophon.matching import cut_texts
from colophon.model import Examination, Flaw, Severity
from colophon.outline import Outline

_FIELDS = ("title", "research_question", "subject", "abstract")
_SHORTEST_LIMIT = 40
_FEWEST_TEXTS = 3
_SLOPE = 11


@audit("X101", severity=Severity.WARNING)
def text_cut(record: Record) -> Examination:
    """What: Title, question, abstract and claims must not stop in the middle. A text counts as cut when it
    leaves a bracket or a quotation open, ends on a word after which English goes on ("of", "with"), or ends
    inside a word that stands whole elsewhere in the record. Across a publisher's reports it also counts as
    cut when at least three different texts of one field have the greatest length there, give or take one
    character, and they are more than those up to ten characters shorter. A missing full stop alone is no
    cut.

    Why: A cut claim may have lost the condition under which it holds. A cut claim cannot be compared with a
    source, and a cut question cannot be answered.

    Example: A title ends "(e.g., visual question" with its bracket open. An abstract of 599 characters ends
    "averaging 1.78 modalities per".

    Mend: Cut text is kept as it is and never completed here. The publisher can issue the full text. If the
    text was cut when the report was read here, file a correction with the reason `transcription`. It is shown
    beside the record, and the finding stays.
    """
    found = dict(cut_texts(_texts(record.manifest)))
    for pointer in record.manifest.truncated:
        found.setdefault(pointer, "the manifest lists it as cut")
    looked_at = sum(1 for field in _FIELDS if getattr(record.manifest, field))
    looked_at += len(record.manifest.claims or ())
    flaws = tuple(Flaw(pointer, f"text looks cut: {reason}") for pointer, reason in found.items())
    return Examination(looked_at, looked_at, flaws)


@across("X101")
def cut_at_one_length(outlines: Iterable[Outline]) -> Iterator[tuple[str, Flaw]]:
    """Yield the texts that share the greatest length of their field among one publisher's reports.

    Copies of one text are no sign of a limit, so texts under one title count once; nor is a text that
    ends a sentence.  Lengths of complete texts thin out towards the longest; a limit piles them up there, so
    there must be more texts at it than at the ten lengths below.
    """
    by_field: dict[tuple[str, str], list[tuple[int, str, str, str, bool]]] = defaultdict(list)
    for one in outlines:
        for pointer, length, is_whole in one.lengths:
            # Only claims are numbered: "/claims/3/text".
            field = "/claims" if pointer.startswith("/claims/") else pointer
            by_field[one.publisher, field].append((length, one.id, pointer, one.title, is_whole))
    for texts in by_field.values():
        limit = max(length for length, *_ in texts)
        longest = [text[:4] for text in texts if text[0] >= limit - 1 and not text[4]]
        different = {(title, pointer) for _, _, pointer, title in longest}
        below = sum(1 for length, *_ in texts if limit - _SLOPE <= length < limit - 1)
        if limit >= _SHORTEST_LIMIT and len(different) >= _FEWEST_TEXTS and len(longest) > below:
            for length, record_id, pointer, _ in longest:
                yield record_id, Flaw(pointer, _told(length, limit, len(longest)))


def _told(length: int, limit: int, number: int) -> str:
    return (
        f"text looks cut: it has {length} characters, and {number} texts of this publisher "
        f"stop at the greatest length, {limit - 1} to {limit}"
    )


def _texts(manifest: Manifest) -> dict[str, Any]:
    """Return the texts that are looked at, the way the manifest holds them."""
    fields: dict[str, Any] = {field: getattr(manifest, field) for field in _FIELDS}
    return {**fields, "claims": [{"text": claim.text} for claim in manifest.claims or ()]}
