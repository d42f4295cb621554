"""What several audits ask of one record in turn, made once."""

from collections import deque
from collections.abc import Callable, Iterable
from functools import wraps
from typing import TypeVar

Document = TypeVar("Document")
Found = TypeVar("Found")
# Manifest and provenance of one record, and those of the one before.
_REMEMBERED = 4


def of_the_last(
    function: Callable[[Document], Iterable[Found]],
) -> Callable[[Document], tuple[Found, ...]]:
    """Return the function with what it found in the last few documents remembered.

    Documents are told apart by identity: to compare what they hold would take longer than to read them.
    """
    last: deque[tuple[Document, tuple[Found, ...]]] = deque(maxlen=_REMEMBERED)

    @wraps(function)
    def asked(document: Document) -> tuple[Found, ...]:
        for seen, found in last:
            if seen is document:
                return found
        found = tuple(function(document))
        last.append((document, found))
        return found

    return asked
