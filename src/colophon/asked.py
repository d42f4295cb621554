"""What a question asks for by name: the models, datasets and metrics, and whether claims name them too.

A name is known by its form, not from a list: capitals inside a word (ModaRoute), digits (Flickr30K, F1),
capitals throughout (COCO), a mark for a variable (Recall@K), a number of its own (Kosmos 2, VQA v2), capitals
on both sides of a hyphen (Iris-Fusion).  A measure is known by its noun (hazard ratio, Brier score).
Ordinary words, title case, units and quantities are no names.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice

from colophon.language.folding import fold
from colophon.language.measures import MEASURE, MEASURES
from colophon.language.terms import EMPTY, short_forms, stem
from colophon.language.units import UNITS
from colophon.language.weights import table

# Names of a question that people read, and questions at hand: what an audit asks is asked for the tier again.
_MOST, _REMEMBERED = 40, 4
_LONGEST_NAME = 60
# Characters of a question that are looked at, and of the words that define its short forms.
_LONGEST_QUESTION, _LONGEST_TEXTS = 5_000, 200_000
_TOKEN = re.compile(r"[^\W_]+(?:[-@.:_](?=[^\W_])[^\W_]+)*(?:\+\+)?")
_WORD = re.compile(r"[^\W_]+")
# A number behind a word that makes both one name: Kosmos 2, VQA v2, Llama 3.1, Falcon 7B.
_NUMBER_BEHIND = re.compile(r"[ ](v?[0-9]{1,2}(?:\.[0-9]{1,2})?[BbMo]?|[IVX]{2,4})(?![\w%@/-]|\.[0-9])")
_PIECES = re.compile(r"[^\W\d_]+|[0-9]+(?:\.[0-9]+)?")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_VERSION = re.compile(r"(?<=.)v(?=[0-9])")
# What says which of several of one name is meant: its size, or how it was tuned. A claim may leave it out.
_VARIANT = re.compile(r"[0-9]+(?:\.[0-9]+)?[BbMKk]|[A-Z][a-z]{3,}")
# The points of U.S. and Ph.D.
_INITIALS = re.compile(r"(?<=\b[A-Z])\.(?=[A-Z]\b)|(?<=\bPh)\.(?=D\b)")
_ROMAN = re.compile(r"[IVX]+")
# Short forms of a field, a kind of system, a machine, a place or a file: no one model, dataset or metric.
_GENERAL = frozenset(
    "ai ml nlp cv dl rl nn llm vlm mllm lm lmm slm agi gpu cpu tpu npu ram api sdk ui ux gui cli os it iot "
    "us usa uk eu un who nih fda phd usd eur gbp pdf html json xml csv sql http url utc faq rct qa".split()
)
# Lower-case beginnings that are not part of the name behind them; other lower-case parts go by their length.
_BEFORE = frozenset("non pre post multi anti semi sub inter intra cross self co un re".split())
# Names of one thing that no rule of spelling leads to.
_ALIASES = {"f1": ("f-measure", "f-score"), "coco": ("mscoco",), "mscoco": ("coco",)}
_MOST_PIECES = 12


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing that a question names.

    ``name`` is as printed, ``spellings`` are the names that stand for it, ``long`` holds the stems of what it
    is short for, ``initials`` the letters that words in a row must begin with to be what it is short for.
    """

    name: str
    spellings: tuple[str, ...]
    long: frozenset[str] = frozenset()
    initials: str = ""


@lru_cache(maxsize=_REMEMBERED)
def asked_entities(question: str, texts: tuple[str, ...] = ()) -> tuple[Entity, ...]:
    """Return what a question names, in order; ``texts`` may say what a short form is short for."""
    text = fold(question[:_LONGEST_QUESTION]).text
    names = list(islice((*_names(text), *_measures(text)), _MOST))
    if not names:
        return ()
    long = defined_short_forms((text, *texts))
    entities: dict[str, Entity] = {}
    for name in names:
        entities.setdefault(_key(name), _entity(name, long))
    return tuple(entities.values())


@lru_cache(maxsize=_REMEMBERED)
def missing_entities(entities: tuple[Entity, ...], claims: tuple[str, ...]) -> tuple[Entity, ...]:
    """Return the entities that none of the claims names, in order."""
    folded = [fold(claim).text for claim in claims]
    together = "\n".join(folded)
    lower = together.lower()
    missing = [entity for entity in entities if not _is_spelled(entity, together, lower)]
    for claim in folded if any(entity.long or entity.initials for entity in missing) else ():
        words = _WORD.findall(claim.lower())
        own = frozenset(map(stem, words))
        rows = (
            "".join(word[0] for word in words),
            "".join(word[0] for word in words if stem(word) not in EMPTY),
        )
        missing = [entity for entity in missing if not _is_written_out(entity, own, rows)]
    return tuple(missing)


def defined_short_forms(texts: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return what texts say is short for what, by stems; of texts without end only the beginning is read."""
    left = _LONGEST_TEXTS
    found: dict[str, frozenset[str]] = {}
    for text in texts:
        for short, words in short_forms(fold(text[:left]).text).items():
            found.setdefault(short, words)
        left -= len(text)
        if left <= 0:
            break
    return found


def _is_spelled(entity: Entity, text: str, lower: str) -> bool:
    """Whether a text has the name, what stands for it, or every name of which it is made."""
    if any(_is_found(spelling, text, lower) for spelling in entity.spellings):
        return True
    parts = entity.name.split("-")
    return len(parts) > 1 and all(_is_name(part) and _is_found(part, text, lower) for part in parts)


def _is_found(spelling: str, text: str, lower: str) -> bool:
    # DROP is no drop, and Falcon no falcon: of a name that may also be a word, the capitals count.
    may_be_word = spelling.isalpha() and (spelling.istitle() or _is_ordinary(spelling))
    has_case = may_be_word and not spelling.islower()
    return _pattern(spelling, has_case).search(text if has_case else lower) is not None


def _is_written_out(entity: Entity, own: frozenset[str], rows: tuple[str, ...]) -> bool:
    """Whether one claim has the words of which the name is the short form."""
    return (bool(entity.long) and entity.long <= own) or (
        bool(entity.initials) and any(entity.initials in row for row in rows)
    )


def _names(text: str) -> Iterator[str]:
    """Yield the names of a folded text."""
    letters = [word for word in _WORD.findall(text) if len(word) > 3 and word.isalpha()]
    # Where most words are in capitals, capitals tell nothing.
    shouts = 2 * sum(word.isupper() for word in letters) > max(2, len(letters))
    at = 0
    while (match := _TOKEN.search(text, at)) is not None:
        at = match.end()
        token = match[0].removesuffix("'s")
        if len(token) > _LONGEST_NAME or _is_measured(text, match):
            continue
        behind = _NUMBER_BEHIND.match(text, at)
        if behind is not None and not shouts and _takes_number(token, text, match.start(), behind):
            at = behind.end()
            yield token + behind[0]
        elif not shouts and _is_compound(token, text, match.start()):
            yield token
        elif (name := _name(token)) and not (shouts and name.isalpha()):
            yield name


def _is_first(text: str, start: int) -> bool:
    """Whether a sentence begins at a place."""
    return not text[:start].strip() or text[:start].rstrip()[-1:] in ".?!:"


def _is_in_sentence_case(text: str) -> bool:
    """Whether a text has most of its longer words in small letters, so that a capital in it means a name."""
    words: list[str] = [word for word in _TOKEN.findall(text)[1:] if len(word) > 3 and word.isalpha()]
    return 3 * sum(word.istitle() for word in words) <= len(words)


def _is_compound(token: str, text: str, start: int) -> bool:
    """Whether a token is two words with capitals, not both ordinary, inside a sentence: Iris-Fusion."""
    parts = token.split("-")
    has_capitals = all(len(part) > 2 and part.isalpha() and part[0].isupper() for part in parts)
    if len(parts) != 2 or _is_first(text, start) or not has_capitals or not parts[0].istitle():
        return False
    return not all(part.istitle() and _is_ordinary(part) for part in parts) and _is_in_sentence_case(text)


def _measures(text: str) -> Iterator[str]:
    """Yield the measures that a text names in ordinary words, or by whose they are: Brier score."""
    for match in MEASURE.finditer(text):
        if match["plain"]:
            yield match["plain"]
        elif _is_proper(match["whose"]) and not _is_first(text, match.start()):
            yield f"{match['whose']} {match['noun']}"


def _is_measured(text: str, match: re.Match[str]) -> bool:
    """Whether a token is the unit of the number before it: 8 GB, 30 kHz."""
    before = text[max(0, match.start() - 2) : match.start()]
    return match[0] in UNITS and before[:1].isdigit() and before[-1:] == " "


def _takes_number(token: str, text: str, start: int, behind: re.Match[str]) -> bool:
    """Whether the number behind a word belongs to its name, and does not count or label anything."""
    word = re.match(r"\s?([A-Za-z%]+)", text[behind.end() : behind.end() + 20])
    if word is not None and (word[1] in UNITS or word[1] == "%"):
        return False
    if _name(token) is not None:
        return True
    is_first = _is_first(text, start)
    # The first word of a sentence has its capital anyway, so a bare number behind it may count something.
    return _is_proper(token) and len(token) > 2 and not (is_first and behind[1].isdigit())


def _name(token: str) -> str | None:
    """Return the name that a token holds, without the ordinary words that hyphens tie to it, or None."""
    token = _INITIALS.sub("", token.replace(":", "-"))
    if "@" in token:
        return token if token.partition("@")[0].isalpha() else None
    parts = token.split("-")
    while len(parts) > 1 and _is_tied(parts[-1]):
        parts.pop()
    while len(parts) > 1 and (parts[0].lower() in _BEFORE or _is_tied(parts[0])):
        parts.pop(0)
    if len(parts) == 1:
        return parts[0] if _is_name(parts[0]) else None
    joined = "-".join(parts)
    named = any(_is_name(part) for part in parts)
    numbered = any(part[0].isdigit() for part in parts[1:]) and _is_proper(parts[0])
    lettered = any(len(part) == 1 and part.isalpha() for part in parts) and all(map(_is_proper_part, parts))
    return joined if named or numbered or lettered else None


def _is_tied(part: str) -> bool:
    """Whether a part is an ordinary word that a hyphen ties to a name: GPT-4-based, F1-score, Single-RNA."""
    return len(part) > 2 and part.isalpha() and (part.islower() or (part.istitle() and _is_ordinary(part)))


def _is_proper(word: str) -> bool:
    """Whether a word with one capital is likely a name: a number behind it does not make one of Top-1."""
    return word.isalpha() and word[0].isupper() and not _is_ordinary(word)


def _is_ordinary(word: str) -> bool:
    """Whether the language has the word without its capitals."""
    return stem(word.lower()) in EMPTY or stem(word.lower()) in table()[0]


def _is_proper_part(part: str) -> bool:
    return part.isalpha() and part[0].isupper() and (len(part) == 1 or _is_proper(part))


def _is_name(word: str) -> bool:
    """Whether a word without hyphens has the form of a name."""
    bare = word.removesuffix("s") if word[:-1].isupper() else word
    if bare.lower() in _GENERAL or len(bare) < 2 or _ROMAN.fullmatch(bare) or not word[0].isalpha():
        return False
    if any(character.isdigit() for character in word):
        letters = re.match(r"[^\W\d_]+", word)
        return letters is not None and (letters[0] != letters[0].lower() or len(letters[0]) > 1)
    if word.isupper() or bare.isupper():
        return stem(bare.lower()) not in EMPTY
    return len(word) > 2 and word.isalpha() and not word[1:].islower() and not word.islower()


def _entity(name: str, long: dict[str, frozenset[str]]) -> Entity:
    bare = name.removesuffix("s") if name[:-1].isupper() else name
    capitals = sum(character.isupper() for character in bare)
    is_short = bare.isalpha() and 2 < len(bare) < 8 and capitals >= max(2, len(bare) - 2)
    defined = long.get(stem(name.lower())) or long.get(stem(bare.lower())) or frozenset()
    return Entity(name, tuple(_spellings(bare)), defined, bare.lower() if is_short else "")


def _spellings(name: str) -> Iterator[str]:
    """Yield a name and the names that stand for it in a claim."""
    base, at, _ = name.partition("@")
    if at:
        # The measure itself is enough: "Recall@K" is answered by "recall at 5" and by "R@5".
        yield from (base, f"{base[0]}@")
        return
    yield name
    if name in MEASURES:
        yield from MEASURES[name]
        return
    parts = re.split(r"[- ]", name)
    while len(parts) > 1 and _VARIANT.fullmatch(parts[-1]):
        is_size = parts.pop()[0].isdigit()
        shorter = "-".join(parts)
        if _name(shorter) == shorter or (is_size and _is_proper(shorter)):
            yield shorter
    yield from _ALIASES.get(_key(name), ())


def _key(name: str) -> str:
    """Return the letters and digits of a name, so that two spellings of it are one."""
    return re.sub(r"[\W_]+", "", name).lower()


@cache
def _pattern(spelling: str, has_case: bool) -> re.Pattern[str]:
    """Return what finds a name however it is hyphenated and spaced, in the plural too."""
    spelling = spelling if has_case else _HUMP.sub("-", spelling).lower()
    if not spelling[-1].isalnum():
        # R@5 and C++: the marks are a part of the name.
        return re.compile(rf"{re.escape(spelling)}(?<![^\W_]{re.escape(spelling)})")
    first, *pieces = _PIECES.findall(_VERSION.sub("-", spelling))[:_MOST_PIECES]
    first = re.escape(first)
    # A version may be written with a v, and a whole number with a zero behind its point.
    written = [
        rf"v?{re.escape(piece.removesuffix('.0'))}(?:\.0)?" if piece[0].isdigit() else re.escape(piece)
        for piece in pieces
    ]
    body = "".join(rf"[\W_]{{0,2}}{piece}" for piece in written)
    # It begins with letters as they are, which the search finds fast; what stands before them comes second.
    return re.compile(rf"{first}(?<![^\W_]{first}){body}(?:e?s)?(?![^\W_])(?!\.[0-9])")
