"""Stated counts as places with their pointers, and which of them count only a part."""

import re
from collections.abc import Iterator

from colophon.contracts.paper_manifest import Count, Stated

_PLACE = (
    r"(?:tables?|figures?|abstracts?|appendi(?:x|ces)|captions?|supplements?|supplementary|footnotes?|sections?"
    r"|introductions?|conclusions?|discussions?|preprints?|reviews?|videos?|slides)"
)
_ORDINAL = r"(?:first|second|third|fourth|initial|last|previous|earlier|[0-9]{1,2}(?:st|nd|rd|th))"
_STEP = r"(?:rounds?|pass(?:es)?|stages?|phases?|iterations?|steps?|batch(?:es)?)"
_WHO = r"(?:reviewers?|referees?|checkers?|judges?|annotators?|raters?|panell?ists?)"
_PARTIAL = re.compile(
    rf"\b(?:from|in|within|across|among|of) (?:[\w-]+ ){{0,3}}{_PLACE}\b"
    rf"|\bby (?:(?:one|two|three|[0-9]{{1,2}}|the|an?|a single|only|{_ORDINAL}) ){{0,2}}{_WHO}\b"
    rf"|\b(?:in|during|after|at|before) (?:(?:the|a|an) )?(?:{_ORDINAL} )?{_STEP}\b"
    r"|\b(?:per|each|on average|at least|at most|up to|about|around|approximately|nearly|almost|over)\b"
    r"|\b(?:additional|further|other|remaining|new|duplicate|candidate|raw|numeric|numerical|quantitative"
    r"|qualitative) (?:[\w-]+ )?claims?\b",
    re.IGNORECASE,
)


def is_partial(text: str) -> bool:
    """Whether the words of a count limit it to a part: ``from tables``, ``by reviewer 2``."""
    return _PARTIAL.search(" ".join(text.replace("_", " ").split())) is not None


def places(stated: Stated, name: str) -> Iterator[tuple[str, int]]:
    """Yield (pointer, value) of every place that states a whole count, the first one once.

    The field ``/stated/<name>`` repeats the first place in the report that gives its value; when that counts
    a part only, so does the field.
    """
    found = [(f"/stated/counts/{i}/value", c) for i, c in enumerate(stated.counts) if c.count == name]
    field: int | None = getattr(stated, name)
    origin = _origin(field, [count for _, count in found])
    if field is not None and (origin is None or not is_partial(origin.text)):
        yield f"/stated/{name}", field
    for pointer, count in found:
        # That one place is not compared with itself.
        if count is not origin and not is_partial(count.text):
            yield pointer, count.value


def partial_places(stated: Stated, name: str) -> int:
    """Return how many places state a count of a part."""
    return sum(1 for count in stated.counts if count.count == name and is_partial(count.text))


def _origin(field: int | None, counts: list[Count]) -> Count | None:
    """Return the place that the field repeats: one of a whole count before one of a part."""
    same = [count for count in counts if count.value == field]
    return next((count for count in same if not is_partial(count.text)), same[0] if same else None)
