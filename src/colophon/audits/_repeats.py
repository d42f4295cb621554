"""Which of many statements say the same, without comparing each with each.

Two sets of words of which four fifths are shared must share one of the rarest words of either, so only those
are compared (prefix filtering, Chaudhuri, Ganti and Kaushik 2006).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from colophon.audits._quotes import QUOTED
from colophon.language.folding import fold
from colophon.language.terms import EMPTY, stem

_ALIKE, _ALIKE_IF_QUOTED = 0.8, 0.5
_FEWEST_QUOTED = 4
# Words of reporting, of which one may stand for another. Any other word in place of another says something
# else: of edited claims whose words are nearly the same, most turn the meaning round.
_REPORTING = frozenset(
    map(stem, "achieve reach obtain attain get show yield report give deliver score have record".split())
)
_WORD = re.compile(r"[^\W_]+")
# Digits behind a letter, with a hyphen or without, belong to a name: two claims that quote the same words may
# name different collections.
_NUMBER = re.compile(r"(?<![^\W_])(?<![^\W\d_][-_])[0-9]+(?:[.,][0-9]+)*")
# "On MeadowQA, Lupin has 62%" says what "Lupin has 62% on MeadowQA" says.
_FRONTED = re.compile(
    r"^((?:on|in|at|for|under|among|during|after|before)\b[^,.;:]{1,80}),\s(.+)$", re.I | re.DOTALL
)
# Words of which one in place of another, or one more, makes another statement.
_TURNS = frozenset(
    stem(word)
    for word in (
        "no not never without nor neither none non unlike fail more less fewer higher lower greater smaller "
        "larger better worse faster slower most least best worst increase decrease rise fall gain lose loss "
        "improve degrade reduce raise before after above below over under left right first last second third "
        "all some each both only except with minimum maximum train test validation"
    ).split()
)
# Words beside which it matters who stands first.
_COMPARING = frozenset(
    stem(word)
    for word in (
        "than over outperform beat exceed surpass versus vs precede follow cause lead from better worse"
    ).split()
)
# Claims compared with one claim, characters of a claim that are read.
_MOST_COMPARED, _LONGEST = 60, 5_000


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim as it is compared; ``order`` has a phrase of place before the first comma at its end."""

    stems: tuple[str, ...]
    order: tuple[str, ...]
    names: frozenset[str]
    numbers: tuple[str, ...]
    quoted: tuple[str, ...]


def statement(text: str) -> Statement:
    """Return a claim as it is compared."""
    folded = fold(text[:_LONGEST]).text
    printed = _WORD.findall(folded)
    # A capital inside a sentence, and a digit, make a name.
    stems = tuple([stem(word.lower()) for word in printed])
    names = frozenset(
        stems[place]
        for place, word in enumerate(printed)
        if not word.islower() and (place or not word.istitle())
    )
    quoted = (" ".join(_WORD.findall((match[1] or match[2]).lower())) for match in QUOTED.finditer(folded))
    long = tuple(one for one in quoted if len(one.split()) >= _FEWEST_QUOTED)
    numbers = tuple(sorted(_NUMBER.findall(folded)))
    order = stems
    if (fronted := _FRONTED.match(folded)) is not None:
        order = tuple(stem(word.lower()) for word in _WORD.findall(fronted.expand(r"\2 \1")))
    return Statement(stems, order, names, numbers, long)


def repeats(statements: list[Statement]) -> Iterator[tuple[int, int, str]]:
    """Yield (place of a claim, place of the first claim found that it repeats, why), in order."""
    counts = Counter(word for one in statements for word in set(one.stems))
    by_word: dict[tuple[tuple[str, ...], str], list[int]] = defaultdict(list)
    by_quote: dict[str, list[int]] = defaultdict(list)
    by_set: dict[frozenset[str], list[int]] = defaultdict(list)
    for place, one in enumerate(statements):
        words = frozenset(one.stems)
        rarest = sorted(words, key=lambda word: (counts[word], word))
        prefix = rarest[: len(rarest) - -(-len(rarest) * 4 // 5) + 1]
        lists = [by_set[words], *(by_quote[text] for text in one.quoted)]
        lists += [by_word[one.numbers, word] for word in prefix]
        found = _first(place, one, statements, lists)
        if found is not None:
            yield found
        for entry in lists:
            # The earliest claims of a word are enough to find a repetition by.
            if len(entry) < _MOST_COMPARED:
                entry.append(place)


def _first(
    place: int, one: Statement, statements: list[Statement], lists: list[list[int]]
) -> tuple[int, int, str] | None:
    candidates = dict.fromkeys(earlier for entry in lists for earlier in entry)
    for earlier in sorted(list(candidates)[:_MOST_COMPARED]):
        why = _same(statements[earlier], one)
        if why is not None:
            return place, earlier, why
    return None


def _same(one: Statement, other: Statement) -> str | None:
    """Return why two claims say the same, or None."""
    if not one.stems or not other.stems:
        return None
    own, others = set(one.stems), set(other.stems)
    shared = len(own & others) / len(own | others)
    # Beside the same quote either may name a collection by a number, but not each state a value of its own.
    is_number_more = set(one.numbers) <= set(other.numbers) or set(other.numbers) <= set(one.numbers)
    if set(one.quoted) & set(other.quoted) and shared >= _ALIKE_IF_QUOTED and is_number_more:
        return "both quote the same words"
    if one.numbers != other.numbers or shared < _ALIKE or not _is_same_turn(one, other):
        return None
    return "the same words" if own == others else f"{shared:.0%} of the words of either"


def _is_same_turn(one: Statement, other: Statement) -> bool:
    """Whether the words in which two claims differ, and their order, leave the meaning as it is."""
    own, others = set(one.stems), set(other.stems)
    more, less = own - others, others - own
    if (more | less) & _TURNS or one.names - others or other.names - own:
        return False
    if more - EMPTY and less - EMPTY and not (more | less) - EMPTY <= _REPORTING:
        return False
    if (own | others) & (_COMPARING | _TURNS):
        return _in_order(one, own & others) == _in_order(other, own & others)
    return True


def _in_order(one: Statement, shared: set[str]) -> list[str]:
    shared = shared - _REPORTING
    return [term for term in one.order if term in shared and (term not in EMPTY or term in _TURNS)]
