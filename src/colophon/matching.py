"""Comparing words: tokens, did-you-mean, and texts that look cut."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from rapidfuzz import fuzz, process

_TOKEN = re.compile(r"[^\W_]+(?:['’\-‐‑][^\W_]+)*")
_SIMILARITY_CUTOFF = 70.0
_SHORTEST_PREFIX = 3
# Words after which an English text goes on.  Left out are those that also end sentences: pronouns
# ("than this"), auxiliaries that stand for a verb ("than dense models do") and particles ("carried out").
_FUNCTION_WORDS = frozenset(
    "a an the of and or nor but in on at to into onto from by for with without within per via as than "
    "because although whereas while if unless whether which whose between among across against towards "
    "toward upon during through is are was were be been being has have had its their our your "
    "including versus vs e.g i.e".split()
)
# A title may end on the preposition of "what to begin with" or "which model it is good for".
_ASKED_FOR = re.compile(
    r"\b(?:what|which|whatever|whichever|who|whom)(?: [^\s,;:.?]+){1,7}"
    r" (?:for|with|on|in|at|of|from|by|to|into|against|without|upon|through|towards?)$",
    re.IGNORECASE,
)
# A title-cased last word is taken for cut only when no complete title ends on it ("... Look At").
_NEVER_LAST_IN_TITLES = frozenset("The And An Or Nor Per Than Via Into Whose Between Among".split())
# Endings that make another form of a complete word: "model" is no cut "models".
_ENDINGS = re.compile(
    r"(?:s|es|ies|d|ed|r|er|ers|rs|or|ors|ing|ings|ly|al|ally|y|ion|ions|ation|ations|ity|ness|ment|ments|"
    r"able|ive|ic|ics|ist|ists|ism|ise|ize|ized|izes|ful|less|wise|ual|ually|ary|ous|ance|ence|['’\-‐‑].*)"
)
# Complete words that longer compounds of this literature begin with ("data" and "dataset").
_COMPLETE_WORDS = frozenset(
    "data text time net base work over under video image key word cross meta multi hyper back fore front "
    "out main stream web block bench check band feed hard soft frame life line lab graph cap art set pre "
    "self super sub trade type up wave way real non may can use one two ten any all map pass path".split()
)
_ELISIONS = re.compile(r"(?:em|tis|twas|til|cause|n|round|bout)\b", re.IGNORECASE)
# What makes a word or a number longer: a letter, a digit, or a point or comma with a digit beyond it.
_GOES_BEFORE, _GOES_ON = re.compile(r"[^\W_]$|[0-9][.,]$"), re.compile(r"[^\W_]|[.,][0-9]")
_OPENING, _CLOSING = "([{", ")]}"
_OPENING_QUOTES, _CLOSING_QUOTES = "“«", "”»"
_QUOTE = re.compile("[\"'‘’“«”»]")


def tokens(text: str) -> list[str]:
    """Return the words of the text, case-folded, in order; hyphens and apostrophes inside words stay."""
    return [word.casefold() for word in _TOKEN.findall(text)]


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is nearest to ``word``, or None when none is near.

    Of equally near words the alphabetically first is returned.
    """
    found = process.extractOne(
        word, sorted(set(known)), scorer=fuzz.ratio, processor=str.casefold, score_cutoff=_SIMILARITY_CUTOFF
    )
    return str(found[0]) if found else None


def suggestion(nearest: str | None) -> str:
    """Return the end of a message that asks whether ``nearest`` was meant; nothing for None."""
    return f"; did you mean {nearest}?" if nearest else ""


def in_one_line(text: str) -> str:
    """Return a text as one line, so that it makes no difference how it was broken into several."""
    return " ".join(text.split())


def stands_in(part: str, text: str) -> bool:
    """Whether a text has another in whole words and numbers: "2" does not stand in "28", nor in "2.8"."""
    at = text.find(part)
    while at >= 0:
        before, after = text[max(0, at - 2) : at], text[at + len(part) : at + len(part) + 2]
        goes_on = part[-1:].isalnum() and _GOES_ON.match(after) is not None
        if not goes_on and not (part[:1].isalnum() and _GOES_BEFORE.search(before)):
            return True
        at = text.find(part, at + 1)
    return False


def cut_texts(manifest: dict[str, Any]) -> list[tuple[str, str]]:
    """Return (JSON pointer, reason) of every text of a paper manifest that looks cut, in document order.

    Looked at are title, research question, subject, abstract and the texts of the claims; the words
    elsewhere are those of all these texts, without the last word of the text in question.
    """
    texts = list(_texts(manifest))
    counts = Counter(token for _, text in texts for token in tokens(text))
    words = sorted(counts)

    def longer(start: str) -> Iterator[str]:
        for position in range(bisect_right(words, start), len(words)):
            if not words[position].startswith(start):
                return
            yield words[position]

    found = []
    for pointer, text in texts:
        reason = _reason(text, lambda word: counts[word] > 1, longer)
        if pointer == "/title" and _ASKED_FOR.search(text):
            reason = _open_bracket(text) or _open_quote(text)
        if reason:
            found.append((pointer, reason))
    return found


def cut(text: str) -> str | None:
    """Return why a text that stands alone looks cut: a bracket or quotation left open, or its last word."""
    text = text.rstrip()
    return _open_bracket(text) or _open_quote(text) or _function_word(text) or _last_hyphen(text)


def _texts(manifest: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key in ("title", "research_question", "subject", "abstract"):
        if manifest.get(key):
            yield f"/{key}", manifest[key]
    for position, claim in enumerate(manifest.get("claims") or ()):
        yield f"/claims/{position}/text", claim["text"]


def _reason(text: str, stands: Callable[[str], bool], longer: Callable[[str], Iterator[str]]) -> str | None:
    text = text.rstrip()
    return (
        _open_bracket(text)
        or _open_quote(text)
        or _function_word(text)
        or _part_of_word(text, stands, longer)
    )


def _open_bracket(text: str) -> str | None:
    if not any(opening in text for opening in _OPENING):
        return None
    # One depth for all kinds of brackets, so that a half-open interval "[0, 1)" is closed.
    depth = 0
    for character in text:
        if character in _OPENING:
            depth += 1
        elif character in _CLOSING and depth:
            depth -= 1
    return "a bracket is left open" if depth else None


def _open_quote(text: str) -> str | None:
    if _QUOTE.search(text) is None:
        return None
    curly = 0
    straight = single = False
    for position, character in enumerate(text):
        if character in _OPENING_QUOTES:
            curly += 1
        elif character in _CLOSING_QUOTES:
            curly = max(0, curly - 1)
        elif character == '"':
            # 5" is inches, unless a quotation waits for its end.
            straight = not straight if straight or not text[position - 1 : position].isdigit() else False
        elif character in "'‘’":
            single = _single_quote(text, position, single)
    return "a quotation is left open" if curly or straight or single else None


def _single_quote(text: str, position: int, is_open: bool) -> bool:
    """Whether a single quotation is open after the mark at ``position``; apostrophes change nothing."""
    before, after = text[max(0, position - 1) : position], text[position + 1 : position + 2]
    if before.isalnum() and after.isalnum():
        return is_open
    if is_open and before and not before.isspace() and not after.isalnum():
        return False
    opens = text[position] != "’" and not before.isalnum() and before not in (".", ",", "!", "?", ")", "]")
    elided = after.isdigit() or _ELISIONS.match(text, position + 1) is not None
    return is_open or (opens and bool(after) and not after.isspace() and not elided)


def _last_word(text: str) -> str | None:
    """The word on which the text ends, or None when something else follows its last word."""
    # No token is longer than a line of text; the slice keeps the search short.
    tail = text[-200:]
    if not tail[-1:].isalnum():
        return None
    match = None
    for match in _TOKEN.finditer(tail.rsplit(None, 1)[-1]):  # noqa: B007
        pass
    return match[0] if match else None


def _function_word(text: str) -> str | None:
    word = _last_word(text)
    if word is None or word.casefold() not in _FUNCTION_WORDS:
        return None
    if word.islower() or word in _NEVER_LAST_IN_TITLES:
        return f'ends on "{word}"'
    return None


def _last_hyphen(text: str) -> str | None:
    return "ends on a hyphen" if len(text) > 1 and text[-1] in "-‐‑" and text[-2].isalpha() else None


def _part_of_word(
    text: str, stands: Callable[[str], bool], longer: Callable[[str], Iterator[str]]
) -> str | None:
    hyphen = _last_hyphen(text)
    if hyphen is not None:
        return hyphen
    word = _last_word(text)
    if word is None or len(word) < _SHORTEST_PREFIX or not word[-1].isalpha():
        return None
    start = word.casefold()
    if stands(start) or start in _COMPLETE_WORDS:
        return None
    whole = list(longer(start))
    if not whole or any(_ENDINGS.fullmatch(other[len(start) :]) for other in whole):
        return None
    return f'ends inside a word: "{word}", elsewhere "{min(whole)}"'


def title_likeness(one: str, other: str) -> float:
    """Return how far two titles are one, 0 to 1: words in any order, and of a longer one what both have."""
    return float(fuzz.token_set_ratio(" ".join(tokens(one)), " ".join(tokens(other)))) / 100
