"""The words of a text as they are compared: stems in one spelling, and who is short for whom."""

import re
from functools import lru_cache
from itertools import islice

import snowballstemmer

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+(?:'[^\W_]+)?")
_STEMMER = snowballstemmer.stemmer("english")
_BRITISH = (
    (re.compile(r"isation(s?)$"), r"ization\1"),
    (re.compile(r"is(e|es|ed|ing)$"), r"iz\1"),
    (re.compile(r"ys(e|es|ed|ing)$"), r"yz\1"),
    (re.compile(r"(?<=[a-z]{2})our(s|ed|ing|al)?$"), r"or\1"),
    (re.compile(r"aem(?=[a-z])"), "em"),
    (re.compile(r"oed(?=[a-z])"), "ed"),
    (re.compile(r"^foet"), "fet"),
)
# Words that carry no content of their own.
_EMPTY = (
    "a about above after again all also although am an and any are as at be because been before being "
    "below between both but by can could did do does doing down during each either few for from further "
    "had has have having he her here hers him his how however i if in into is it its itself just may me "
    "might more most much must my of off on once only or other our ours out over own per s same she "
    "should since so some such than that the their theirs them then there these they this those through "
    "thus to too under until up upon us very via was we were what when where whereas whether which while "
    "who whom whose why will with within would you your"
)
_SHORT = re.compile(r"\(([A-Z][A-Za-z0-9-]{1,9}?)s?\)")
# A text with more short forms is none that people read.
_MOST_SHORT = 500
# Words that stand before a bracket and may be what it is short for.
_BEFORE = re.compile(r"[^\W_]+(?:'[^\W_]+)?")


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Return the stem of a word in lower case."""
    if not word.isascii() or any(character.isdigit() for character in word):
        return word
    for pattern, american in _BRITISH:
        word = pattern.sub(american, word)
    return str(_STEMMER.stemWord(word.removesuffix("'s")))


EMPTY = frozenset(stem(word) for word in _EMPTY.split())


def stems(text: str) -> list[str]:
    """Return the stems of a folded text in order; a character of Chinese, Japanese or Korean is a word."""
    return [stem(word) for word in _WORD.findall(text.lower())]


def short_forms(text: str) -> dict[str, frozenset[str]]:
    """Return what is short for what, such as ``mds`` for ``myelodysplast syndrom``, where the text says so.

    The letters of the short form must be found in the words before its bracket, from the last to the first,
    as Schwartz and Hearst (2003) describe.
    """
    found: dict[str, frozenset[str]] = {}
    if "(" not in text:
        return found
    for match in islice(_SHORT.finditer(text), _MOST_SHORT):
        short = match[1].lower()
        words = _BEFORE.findall(text[max(0, match.start() - 120) : match.start()])
        for count in range(1, min(len(short) + 4, len(words)) + 1):
            if _is_short_for(short, " ".join(words[-count:]).lower()):
                found[stem(short)] = frozenset(stem(word.lower()) for word in words[-count:]) - EMPTY
                break
    return found


def _is_short_for(short: str, long: str) -> bool:
    """Whether the letters stand in the words in order, the first at the very beginning."""
    at = len(long)
    letters = [letter for letter in short if letter.isalnum()]
    for place, letter in reversed(list(enumerate(letters))):
        at -= 1
        while at >= 0 and (long[at] != letter or (place == 0 and at > 0 and long[at - 1] != " ")):
            at -= 1
        if at < 0:
            return False
    return at == 0
