"""C101: stated counts of claims against one another and against the list."""

from collections.abc import Iterator

from colophon.audits import _counts, audit
from colophon.contracts.paper_manifest import Manifest
from colophon.fold import Record
from colophon.model import Examination, Flaw, Severity

_COUNTED = {"claims_extracted": "extracted", "claims_verified": "verified"}
_LISTED = {"claims_extracted": "the record lists", "claims_verified": "the record's list marks"}


@audit("C101", severity=Severity.ERROR)
def counts_disagree(record: Record) -> Examination:
    """What: The number of claims that a report says it extracted, and the number that it says it verified,
    must be the same in every place that states them. Where the list of claims is shown, the first must equal
    its rows and the second its rows marked as verified. A count whose words
    limit it to a part ("from tables", "by reviewer 2", "in the first round") is not compared, nor are numbers
    of papers.

    Why: A reader who sees "28 claims extracted" above a list of 21 cannot know whether seven claims were
    dropped, lost or never there. Whatever is computed from these counts inherits the doubt.

    Example: The results say "28 claims extracted; 24 independently verified". The table below has 21 rows,
    19 of them ticked. Both statements are flagged.

    Mend: Nothing in the record is edited. The publisher can issue a corrected report. If the count was copied
    wrongly into the record, file a correction with the reason `transcription`. It is shown beside the record,
    and the finding stays.
    """
    recognised = checked = 0
    flaws: list[Flaw] = []
    for count in _COUNTED:
        places = list(_counts.places(record.manifest, count))
        recognised += _counts.partial_places(record.manifest, count)
        listed, is_shown = _listed(record.manifest, count)
        if not places or (len(places) == 1 and not is_shown):
            continue
        compared = len(places) if is_shown else len(places) - 1
        recognised += compared
        checked += compared if listed is not None or not is_shown else len(places) - 1
        flaws.extend(_differences(count, places, listed))
    return Examination(recognised, checked, tuple(flaws))


def _listed(manifest: Manifest, count: str) -> tuple[int | None, bool]:
    """Return what the list says, None when that is open, and whether there is a list."""
    if manifest.claims is None:
        return None, False
    if count == "claims_extracted":
        return len(manifest.claims), True
    flags = [claim.stated.verified for claim in manifest.claims]
    return (None if None in flags else flags.count(True)), True


def _differences(count: str, places: list[tuple[str, int]], listed: int | None) -> Iterator[Flaw]:
    word = _COUNTED[count]
    first_pointer, first = places[0]
    for pointer, value in places:
        if listed is not None:
            # A place that repeats a wrong first count is the same mistake, told once.
            if value != listed and (pointer == first_pointer or value != first):
                yield Flaw(pointer, f"states {value} {word} claims, {_LISTED[count]} {listed}")
        elif value != first:
            yield Flaw(pointer, f"states {value} {word} claims, {first_pointer} states {first}")
