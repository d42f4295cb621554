"""Whether a claim and a passage say the opposite: negation, directions, absolute words."""

import re

from colophon.language.terms import EMPTY, stem

_NEGATIONS = frozenset(
    "no not nor never neither without none cannot n't lack lacks lacking fail fails failed absence "
    "absent unable hardly rarely".split()
)
_MORE = (
    "increase increases increased increasing raise raises raised elevate elevated elevation higher rise "
    "rises rising upregulate upregulated upregulation enhance enhances enhanced improve improves improved "
    "improvement better longer larger stronger accelerate accelerated promote promotes promoted stimulate "
    "stimulates activate activates activated activation induce induces induced boost augment expand "
    "faster gain gains positively"
)
_LESS = (
    "decrease decreases decreased decreasing decline declines declined reduce reduces reduced reducing "
    "reduction lower lowers lowered lowering fewer fall falls downregulate downregulated downregulation "
    "diminish diminished drop drops dropped worse worsen worsens shorter smaller weaker slow slows slower "
    "inhibit inhibits inhibited inhibition suppress suppresses suppressed prevent prevents prevented "
    "block blocks blocked impair impairs impaired attenuate attenuates abolish abolished repress "
    "represses deplete negatively loss"
)
UP, DOWN = (frozenset(stem(word) for word in words.split()) for words in (_MORE, _LESS))
DIRECTIONS = UP | DOWN
_PAIRS = (
    "accept reject,agree disagree,win lose,won lost,support oppose,allow ban,open close,begin end,start stop,"
    "buy sell,before after,above below,inside outside,first last,major minor,success failure,true false,"
    "safe dangerous,legal illegal,approve deny,confirm deny,positive negative,present absent,most least,"
    "benign malignant,acute chronic,dense sparse,sensitive resistant,strong weak,early late,high low,"
    "necessary unnecessary,sufficient insufficient,possible impossible,able unable,similar different,"
    "public private"
)
_OPPOSITES: dict[str, set[str]] = {}
for _one, _other in (map(stem, pair.split()) for pair in _PAIRS.split(",")):
    _OPPOSITES.setdefault(_one, set()).add(_other)
    _OPPOSITES.setdefault(_other, set()).add(_one)
_ABSOLUTE = frozenset(
    "all only completely always every entirely exclusively solely never none totally".split()
)
_WORD = re.compile(r"[^\W_]+(?:'t)?")
_TOKEN = re.compile(r"[^\W_]+(?:'t)?|[.;:,()]")
# Words that carry content, of those behind a negation.
_REACH = 3


def words(text: str) -> list[str]:
    """Return the words of a folded text in lower case; "don't" is two."""
    return [part for word in _WORD.findall(text.lower()) for part in _parts(word)]


def _parts(word: str) -> list[str]:
    return [word.removesuffix("n't"), "not"] if word.endswith("n't") else [word]


def negations(of: list[str]) -> int:
    """How many words of a text deny."""
    return sum(word in _NEGATIONS for word in of)


def differs_in_negation(claim: str, passage: str) -> bool:
    """Whether a word that both have is denied in one of them and said in the other.

    Denied are the next words behind a negation, up to the end of its clause.
    """
    (said, denied), (there, denied_there) = _scoped(claim), _scoped(passage)
    return bool((denied ^ denied_there) & said & there)


def _scoped(text: str) -> tuple[set[str], set[str]]:
    """Return the stems of a text that carry content, and those of them that are denied."""
    every: set[str] = set()
    denied: set[str] = set()
    reach = 0
    for match in _TOKEN.finditer(text.lower()):
        for word in _parts(match[0]):
            if word in _NEGATIONS:
                reach = _REACH
                continue
            if not word[0].isalnum():
                reach = 0
                continue
            term = stem(word)
            if term in EMPTY:
                continue
            every.add(term)
            if reach:
                denied.add(term)
                reach -= 1
    return every, denied


def differs_in_direction(claim: frozenset[str], passage: frozenset[str]) -> bool:
    """Whether all that a claim says of more and less is the opposite of what a passage says of it."""
    claimed, said = (bool(claim & UP), bool(claim & DOWN)), (bool(passage & UP), bool(passage & DOWN))
    return claimed != (False, False) and claimed[0] != claimed[1] and said == (claimed[1], claimed[0])


def opposites(claim: frozenset[str], passage: frozenset[str]) -> list[tuple[str, str]]:
    """Return the stems of a claim whose opposite stands in the passage and which do not stand there."""
    return sorted(
        (term, other)
        for term in claim - passage
        for other in _OPPOSITES.get(term, ())
        if other in passage and other not in claim
    )


def absolutes(claim: list[str], passage: list[str]) -> list[str]:
    """Return the absolute words of a claim that its passage lacks."""
    there = set(passage)
    return sorted({word for word in claim if word in _ABSOLUTE and word not in there})
