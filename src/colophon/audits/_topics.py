"""How much of what one text speaks of another text says too."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import fsum

from colophon.asked import defined_short_forms
from colophon.contracts.paper_manifest import Manifest
from colophon.language.folding import fold
from colophon.language.terms import EMPTY, stem, stems
from colophon.language.weights import weight
from colophon.model import Examination, Flaw

# Words that say what sort of text it is, or that something is asked, and nothing of its topic.
_GENRE = frozenset(
    map(
        stem,
        "synthesis review survey report overview paper papers study studies literature systematic draft "
        "analysis evidence preliminary".split(),
    )
)
_ABBREVIATION = re.compile(r"\b(?:e\.\s?g|i\.\s?e|et al|etc|cf|vs)\b", re.IGNORECASE)
# A text in English has one of these among so many words.
_ENGLISH = frozenset({"the", "of", "and", "to"})
_ONE_IN = 30
_FEWEST_TERMS = 3
_LONGEST = 200_000
# Terms in a message.
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Topic:
    """A text of a record that another one must speak of, by its pointer and its name.

    ``least`` is the share of its weight that the other must have.  Of fewer than ``fewest_words`` words the
    other is not judged.
    """

    pointer: str
    name: str
    least: float
    fewest_words: int


def defining_texts(manifest: Manifest) -> Iterator[str]:
    """Yield the texts of a record that may say what a short form is short for."""
    for text in (manifest.title, manifest.subject, manifest.abstract):
        if text:
            yield text
    for claim in manifest.claims or ():
        yield claim.text


def _terms(text: str) -> frozenset[str]:
    """Return the stems of what a text speaks of."""
    return frozenset(stems(_ABBREVIATION.sub(" ", fold(text[:_LONGEST]).text))) - EMPTY - _GENRE


def _is_decidable(wanted: frozenset[str], words: Sequence[str], fewest_words: int) -> bool:
    """Whether a text is long enough, and in English, so that what it leaves unsaid means something."""
    english = sum(word in _ENGLISH for word in words)
    return len(wanted) >= _FEWEST_TERMS and len(words) >= fewest_words and _ONE_IN * english >= len(words)


def _coverage(
    wanted: frozenset[str], words: Iterable[str], defining: Iterable[str]
) -> tuple[float, list[str]]:
    """Return which share of the terms a text has, by their weights, and the terms that it lacks.

    A short form stands for the words that it is short for, and they for it, unless both are wanted.
    """
    own = set(words)
    for short, long in defined_short_forms(defining).items():
        if short in own and short not in wanted:
            own |= long
        if long <= own and not long <= wanted:
            own.add(short)
    # The sums are exact, so that the order of a set makes no difference.
    total = fsum(map(weight, wanted))
    missing = sorted(wanted - own, key=lambda term: (-weight(term), term))
    return fsum(map(weight, wanted & own)) / total if total else 1.0, missing


def spoken_of(topic: Topic, named: str, text: str, manifest: Manifest, say: tuple[str, str]) -> Examination:
    """Examine whether a text speaks of a topic, as the record ``named`` it.

    ``say`` begins the two halves of the message: of what the text has, and of what it lacks.
    """
    wanted = _terms(named)
    folded = fold(text[:_LONGEST]).text
    own = stems(folded)
    if not _is_decidable(wanted, own, topic.fewest_words):
        return Examination(1)
    # "Fine-tuning" says "finetuning" too.
    joined = stems(folded.replace("-", "")) if "-" in folded else ()
    share, missing = _coverage(wanted, (*own, *joined), defining_texts(manifest))
    if share >= topic.least:
        return Examination(1, 1)
    words = clauses([f'"{word}"' for word in missing if len(word) > 2][:_SHOWN])
    message = (
        f"{say[0]} words that carry {share:.0%} of the weight of the {topic.name}, "
        f"less than {topic.least:.0%}; {say[1]} {words}, by their stems"
    )
    return Examination(1, 1, (Flaw(topic.pointer, message),))


def clauses(parts: Sequence[str]) -> str:
    """Return parts as they are told in a sentence: a, b and c."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
