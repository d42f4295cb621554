"""Texts that are the same but for a few words, among any number of them and in little room.

Each text leaves a signature of half a kilobyte: digests that show whether two are equal; sixteen keys, of
which two texts that are four fifths alike share at least one in 993 of 1,000 cases; and the numbers of its
pairs of neighbouring words, by which every likeness that a key suggests is counted before it is believed.

Work is bounded whatever the texts are: where very many share a key they are told apart by two, four, eight
and sixteen keys in a row, and each text is compared with few of those that came before it.  So no later
text changes what was found of earlier ones.
"""

from base64 import b64decode, b64encode
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b, shake_128
from itertools import islice, pairwise
from struct import Struct, unpack
from typing import NamedTuple, Protocol
from unicodedata import normalize

from colophon.language.folding import fold
from colophon.language.terms import EMPTY, stems
from colophon.model import WAITING

# Of a longer text the beginning is compared, and equality is seen by its digest.
_MOST_CHARACTERS, _MOST_PAIRS = 40_000, 2_000
# Pairs and words that carry content: a text with fewer says too little to be anybody's copy.
_FEWEST_PAIRS, _FEWEST_WORDS = 20, 8
# Numbers of pairs that are kept: all of a usual text, the lowest ones of a long one.
_KEPT = 120
_BANDS, _ROWS, _KEY = 16, 6, 4
_HASHES = Struct(f"<{1 + _BANDS * _ROWS}H")
_MINIMA = Struct(f"<{_ROWS}H")
# So many keys in a row tell the members of a crowd apart, and so many find a place at each step.
_DEPTHS, _PLACES = (1, 2, 4, 8, 16), 4
# Texts whose numbers are held at once: in a crowd the same few are asked for again and again.
_REMEMBERED = 2_000
# Of the texts that are equal to one, so many are asked whether it replaces them.
_ASKED = 8
# Versions that are followed back from a text to those it replaces.
_VERSIONS = 64


class Signature(NamedTuple):
    """What is kept of a text; a part is empty where the text says too little.

    ``abstract`` and ``claims`` are digests, ``keys`` and ``pairs`` are of title, question and abstract.
    """

    abstract: str
    claims: str
    keys: str
    pairs: str

    @classmethod
    def read(cls, text: str) -> "Signature":
        """Return what :meth:`__str__` wrote; nothing was written where there is nothing to compare."""
        return cls(*text.split(".")) if text else cls("", "", "", "")

    def __str__(self) -> str:
        return ".".join(self) if any(self) else ""


class Signed(Protocol):
    """A text by its signature, with its number in the order of coming and the text that it replaces.

    Of two texts with one number that with the lower id counts as the earlier.  ``admitted`` is None where
    the order is not known, and ``WAITING`` for what is in no order yet.
    """

    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def signature(self) -> str: ...  # noqa: D102
    @property
    def admitted(self) -> int | None: ...  # noqa: D102
    @property
    def supersedes(self) -> str | None: ...  # noqa: D102


class Pair(NamedTuple):
    """Two texts by id; ``part`` is what is equal, or ``pairs``, and then ``share`` of them, in percent."""

    later: str
    earlier: str
    part: str
    share: int = 100


def signature(texts: Iterable[str], abstract: str, claims: Iterable[str]) -> Signature:
    """Return the signature of some texts that belong together, an abstract and a list of claims."""
    hashes = [_HASHES.unpack(shake_128(pair).digest(_HASHES.size)) for pair in _word_pairs(texts)]
    keys = pairs = ""
    if len(hashes) >= _FEWEST_PAIRS:
        lowest = [min(column) for column in zip(*hashes, strict=True)][1:]
        rows = (lowest[start : start + _ROWS] for start in range(0, len(lowest), _ROWS))
        keys = "".join(_short(blake2b(_MINIMA.pack(*row), digest_size=3).digest()) for row in rows)
        numbers = sorted(numbers[0] for numbers in hashes)[:_KEPT]
        pairs = _short(Struct(f"<{len(numbers)}H").pack(*numbers))
    return Signature(_digest([abstract]), _digest(claims), keys, pairs)


def _word_pairs(texts: Iterable[str]) -> list[bytes]:
    """Return the different pairs of neighbouring words of texts; the beginnings of very long ones."""
    found = (
        f"{one} {two}".encode("utf-8", "surrogatepass")
        for text in texts
        for one, two in pairwise(stems(fold(text[:_MOST_CHARACTERS]).text))
    )
    return list(dict.fromkeys(islice(found, _MOST_PAIRS)))


def _digest(texts: Iterable[str]) -> str:
    """Return the digest of a set of texts, or nothing when they say too little."""
    folded = sorted({" ".join(normalize("NFKC", text).casefold().split()) for text in texts})
    words = (word for text in folded for word in stems(text[:_MOST_CHARACTERS]) if word not in EMPTY)
    if len(list(islice(words, _FEWEST_WORDS))) < _FEWEST_WORDS:
        return ""
    raw = "\0".join(folded).encode("utf-8", "surrogatepass")
    return _short(blake2b(raw, digest_size=9).digest())


def _short(raw: bytes) -> str:
    return b64encode(raw).decode("ascii")


def near_duplicates(items: Iterable[Signed]) -> Iterator[Pair]:
    """Yield each text that repeats an earlier one, with the earliest that was found.

    One that replaces the other, at once or by versions between them, repeats nothing.  Texts whose order is
    not known are left out.
    """
    items = tuple(items)
    ordered = sorted((one for one in items if one.admitted is not None and one.signature), key=_order)
    search = _Search(ordered, {one.id: one.supersedes for one in items if one.supersedes})
    found: set[int] = set()
    for part in ("abstract", "claims"):
        for later, earlier in search.equal(part):
            found.add(later)
            yield Pair(ordered[later].id, ordered[earlier].id, part)
    for later, (earlier, share) in sorted(search.alike(found).items()):
        yield Pair(ordered[later].id, ordered[earlier].id, "pairs", share)


def _order(one: Signed) -> tuple[int, str]:
    return one.admitted or 0, one.id


class _Search:
    """A look for copies among texts, which are numbered in the order of their coming.

    ``replaced`` names what each text replaces, those that are not looked at included.
    """

    def __init__(self, items: Sequence[Signed], replaced: Mapping[str, str]) -> None:
        self.items = items
        self.replaced = replaced
        # Without the pairs, which are four fifths of a signature and asked for of few texts.
        parts = [Signature.read(one.signature)[:3] for one in items]
        self.parts = dict(zip(Signature._fields[:3], zip(*parts, strict=True), strict=False))

    def equal(self, part: str) -> Iterator[tuple[int, int]]:
        """Yield (later, earlier) of texts of which one part is equal."""
        for group in _groups(self.parts.get(part, ())):
            for place, later in enumerate(group):
                asked = group[: min(place, _ASKED)]
                earlier = next((one for one in asked if self._is_copy(later, one)), None)
                if earlier is not None:
                    yield later, earlier

    def alike(self, known: set[int]) -> dict[int, tuple[int, int]]:
        """Return (earlier, percent) by later text of those that share most pairs of words.

        What is ``known`` to be a copy is not asked again, but others may be copies of it.
        """
        found: dict[int, tuple[int, int]] = {}
        numbers = _Numbers(self.items)
        all_keys = self.parts.get("keys", ())
        for start in range(0, _BANDS * _KEY, _KEY):
            crowds = _groups([keys[start : start + _KEY] for keys in all_keys])
            for crowd in crowds:
                for later, candidates in _candidates(crowd, all_keys, start):
                    if later in known or later in found:
                        continue
                    for earlier in candidates:
                        share = numbers.share(later, earlier) if self._is_copy(later, earlier) else 0
                        if share:
                            found[later] = earlier, share
                            break
        return found

    def _is_copy(self, later: int, earlier: int) -> bool:
        """Whether a text that is like another may be its copy: it came later and does not replace it."""
        one, other = self.items[later], self.items[earlier]
        if one.admitted == other.admitted == WAITING:
            return False
        return not self.replaced or not (self._replaces(one, other) or self._replaces(other, one))

    def _replaces(self, one: Signed, other: Signed) -> bool:
        name: str | None = one.id
        for _ in range(_VERSIONS):
            name = self.replaced.get(name or "")
            if name is None or name == other.id:
                break
        return name == other.id


def _groups(values: Sequence[str]) -> Iterator[list[int]]:
    """Yield the places at which one value stands, in order, of every value that stands at several."""
    # What most values pass through is done without a loop.
    last = dict(zip(values, range(len(values)), strict=True))
    if len(last) == len(values):
        return
    groups: dict[str, list[int]] = {
        value: [] for place, value in enumerate(values) if value and last[value] != place
    }
    for place, value in enumerate(values):
        if value in groups:
            groups[value].append(place)
    yield from groups.values()


def _candidates(
    crowd: Sequence[int], all_keys: Sequence[str], start: int
) -> Iterator[tuple[int, Sequence[int]]]:
    """Yield each text of a crowd that shares a key, with the few earlier ones that share most keys in a row.

    A text takes the first free place among those that share one key with it, then two, and so on.
    """
    if len(crowd) <= _PLACES:
        for place, later in enumerate(crowd[1:], 1):
            yield later, crowd[:place]
        return
    taken: dict[str, list[int]] = {}
    for later in crowd:
        keys = all_keys[later][start:] + all_keys[later][:start]
        met: list[int] = []
        for depth in _DEPTHS:
            places = taken.setdefault(keys[: depth * _KEY], [])
            met = [*places, *met]
            if len(places) < _PLACES:
                places.append(later)
                break
        yield later, met[:_PLACES]


class _Numbers:
    """The numbers of the pairs of words of some texts, read when somebody asks."""

    def __init__(self, items: Sequence[Signed]) -> None:
        self._items = items
        self._last: dict[int, tuple[tuple[int, ...], frozenset[int]]] = {}

    def share(self, one: int, other: int) -> int:
        """Return how many of the pairs two texts have in common, in percent; 0 below four fifths.

        Of texts with more pairs than are kept the lowest numbers are a sample, as far as both go.  Two pairs
        of a text that have one number by chance are two of its pairs and one that it has in common.
        """
        (left, left_set), (right, right_set) = self._of(one), self._of(other)
        common = left_set & right_set
        both, all_ = len(common), len(left) + len(right)
        if len(left) >= _KEPT or len(right) >= _KEPT:
            least = min(numbers[-1] for numbers in (left, right) if len(numbers) >= _KEPT)
            both = sum(number <= least for number in common)
            all_ = bisect_right(left, least) + bisect_right(right, least)
        either = all_ - both
        return 100 * both // either if 5 * both >= 4 * either else 0

    def _of(self, place: int) -> tuple[tuple[int, ...], frozenset[int]]:
        found = self._last.get(place)
        if found is None:
            if len(self._last) > _REMEMBERED:
                self._last.clear()
            raw = b64decode(Signature.read(self._items[place].signature).pairs)
            numbers = unpack(f"<{len(raw) // 2}H", raw)
            found = self._last[place] = numbers, frozenset(numbers)
        return found
