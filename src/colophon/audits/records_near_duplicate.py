"""U102: a record that repeats an earlier one."""

from collections.abc import Iterable, Iterator

from colophon.audits import across, audit
from colophon.characters import inert
from colophon.fold import Record
from colophon.model import Examination, Flaw, Severity
from colophon.near_duplicates import Pair, Signature, near_duplicates
from colophon.outline import Outline

# Characters of a title in a message.
_TITLE = 80
_PLACES = {"abstract": "/abstract", "claims": "/claims", "pairs": "/title"}
_EQUAL = {"abstract": "the abstract is", "claims": "the claims are"}


@audit("U102", severity=Severity.WARNING)
def records_near_duplicate(record: Record) -> Examination:
    """What: A record must not repeat an earlier one that it does not supersede. It repeats one when its
    abstract is the same, when its claims are the same in any order, or when title, question and abstract
    together have at least four fifths of their pairs of neighbouring words in common with those of the other.
    Case and spaces make no difference. A text of fewer than eight words of content, or of fewer than twenty
    pairs, says too little to be compared. An equal abstract, or equal claims, is an error; the rest is a
    warning. Only the later of two records is flagged: the one whose folder came to the registry with a later
    commit, or has the higher id of two that came with one commit. The earlier one gets a note. Where git
    cannot tell the order, because the history is not all there or neither record is committed yet, nothing
    is flagged and nothing counts as checked.

    Why: Several copies of one synthesis look like agreement of several. They make counts and lists larger
    without telling anything new.

    Example: Four records have one title and one abstract, and their scores put them into two tiers.

    Mend: A report that replaces an earlier one should say so in `supersedes`. If the publisher said it and it
    was not read here, file a correction of type SUPERSESSION for the earlier record. If the later one is a
    copy, the publisher can take it back with one of type WITHDRAWAL. Both are shown beside the record, and
    the finding stays.
    """
    # All that is looked at is looked at across records.
    return Examination()


def compared(outline: Outline) -> Examination:
    """Return how many parts of a record can be compared, and are, where the order of records is known."""
    parts = Signature.read(outline.signature)[:3]
    count = sum(map(bool, parts))
    return Examination(count, 0 if outline.admitted is None else count)


@across("U102", outcome=compared, undecided="no history, as in a shallow clone or outside git")
def repeated(outlines: Iterable[Outline]) -> Iterator[tuple[str, Flaw]]:
    """Yield what each later record repeats, and one note for each record that is repeated."""
    outlines = tuple(outlines)
    pairs = list(near_duplicates(outlines))
    named = {record for pair in pairs for record in pair[:2]}
    titles = {one.id: one.title for one in outlines if one.id in named}
    copies: dict[str, list[Pair]] = {}
    for pair in pairs:
        copies.setdefault(pair.earlier, []).append(pair)
        yield pair.later, _flaw(pair, titles[pair.earlier])
    for earlier, found in copies.items():
        yield earlier, _note(found, titles[found[0].later])


def _flaw(pair: Pair, title: str) -> Flaw:
    other = f"{pair.earlier} ({_shown(title)}), which came earlier"
    if pair.part == "pairs":
        message = (
            f"title, question and abstract have {pair.share}% of their pairs of neighbouring words in common "
            f"with those of {other}"
        )
        return Flaw(_PLACES[pair.part], message)
    message = f"{_EQUAL[pair.part]} the same as in {other}"
    return Flaw(_PLACES[pair.part], message, severity=Severity.ERROR)


def _note(copies: list[Pair], title: str) -> Flaw:
    """Return the note of a record that is repeated, which names the first that repeats it."""
    first, count = copies[0], len({pair.later for pair in copies})
    more = f" and {count - 1} more, which all came later," if count > 1 else ", which came later,"
    verb = "repeats" if count == 1 else "repeat"
    message = f"{first.later} ({_shown(title)}){more} {verb} this record"
    return Flaw("/title", message, severity=Severity.NOTE)


def _shown(title: str) -> str:
    shown = inert(title)
    return shown if len(shown) <= _TITLE else f"{shown[: _TITLE - 1]}…"
