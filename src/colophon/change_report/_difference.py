"""The difference of two texts as lines of a diff, short enough to be read."""

from itertools import takewhile

_LONGEST = 1_000
_BEFORE = 80


def difference(old: str | None, new: str | None) -> list[str]:
    """Return lines that begin with ``-``, ``+`` or, about what is left out, a space.

    Where long texts begin alike, they are shown from shortly before the first difference.
    """
    start = _start(old, new)
    agree = [f"  … {start} characters before this agree"] if start else []
    return [*agree, *_side("-", old, start), *_side("+", new, start)]


def _start(old: str | None, new: str | None) -> int:
    if old is None or new is None or old == new:
        return 0
    alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
    longer = max(len(old), len(new))
    return alike - _BEFORE if longer > _LONGEST and alike > _BEFORE else 0


def _side(sign: str, text: str | None, start: int) -> list[str]:
    if text is None:
        return []
    end = start + _LONGEST
    lines = [f"{sign} {line}" for line in text[start:end].split("\n")]
    if len(text) > end:
        lines.append(f"  … {len(text) - end} more characters")
    return lines
