"""Which of several texts a few words mean."""

from collections.abc import Callable, Iterable, Mapping

from colophon.matching import did_you_mean, tokens

# Of the letters of the words asked for; below it the likeness is chance.
_ENOUGH = 0.6
_SHORTEST_BEGINNING = 3


def by_words(words: str, texts: Mapping[str, str]) -> list[str]:
    """Return the keys of the texts that hold the most of the words, in their order; [] without likeness.

    Words with a slip of the pen count only when no text holds enough of them as they are.
    """
    wanted = tokens(words)
    return _best(wanted, texts, _begins) or _best(wanted, texts, _is_near)


def _best(
    wanted: list[str], texts: Mapping[str, str], held: Callable[[str, frozenset[str]], bool]
) -> list[str]:
    all_letters = sum(map(len, wanted))
    best, keys = max(1.0, _ENOUGH * all_letters), list[str]()
    for key, text in texts.items():
        known = frozenset(tokens(text))
        letters = sum(len(word) for word in wanted if held(word, known))
        if letters > best:
            best, keys = letters, []
        if letters >= best:
            keys.append(key)
    return keys


def _begins(word: str, known: frozenset[str]) -> bool:
    """Whether a word is one of the known ones, or the beginning of one."""
    return word in known or (len(word) >= _SHORTEST_BEGINNING and any(one.startswith(word) for one in known))


def _is_near(word: str, known: Iterable[str]) -> bool:
    return word in known or did_you_mean(word, known) is not None
