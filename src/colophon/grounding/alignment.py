"""Whether a passage says the words of a claim in their order, with nothing between or around them that tells.

Two models and two numbers in one sentence share all their words with the claim that has them exchanged.  So
only a passage that goes through the claim from its first word to its last is taken for it, and only where
what it skips holds no number, no name, no denial, no hedge and no comparison.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from colophon.grounding.polarity import DIRECTIONS
from colophon.language.terms import EMPTY, stem

_TOKEN = re.compile(
    r"(?:(?<=[\s(=\[<>$,])-|^-)?[$€£¥]?[0-9][0-9,]*(?:\.[0-9]+)?%?|[<>≤≥~]|[^\W_0-9]+(?:'[a-z]+)?|[0-9]+"
)
# Small words that tell who does what to whom, how many, or how sure somebody is.
_TELLING = frozenset(
    "no not nor never neither none without cannot only all every both each except but however although "
    "though despite if unless whether when until than more less fewer most least some few at by up over "
    "under above below between nearly almost about around approximately exactly roughly may might could "
    "would should can once before after second third first former latter versus vs on off in our their "
    "his her hers its my your".split()
)
DOUBT = re.compile(
    r"\b(?:no|not|never|neither|nor|none|nobody|without|cannot|whether|if|unless|except|but|however|although|"
    r"though|despite|rather|instead|only|until|may|might|could|would|should|according|"
    r"hypothes\w+|unclear|unlikely|den(?:y|ies|ied)|refut\w+|reject\w*|disprov\w+|false\w*|myth|contrary|"
    r"contradict\w*|doubt\w*|question\w*|fail\w*|lack\w*|untrue|wrong\w*|claim(?:s|ed|ing)?|argue\w*|"
    r"believe\w*|assum\w+|suppos\w+|hope\w*|expect\w*|propos\w+|conjectur\w+|said|says|wrote|"
    r"supposedly|allegedly|reportedly|impossible|incorrect|little|unable|had|think|view|unlike|critics|"
    r"retracted|ruled|thought|previously|formerly|once|non)\b|n't\b",
    re.IGNORECASE,
)
# With which authors introduce what they found themselves.
_REPORTING = frozenset(
    stem(word)
    for word in "we our here this paper work study analysis result results experiment experiments show shows "
    "showed shown find finds found demonstrate demonstrates demonstrated report reports reported observe "
    "observed conclude concludes concluded confirm confirms confirmed reveal reveals note thus therefore "
    "moreover furthermore finally overall also then short summary addition data evidence indicate indicates "
    "suggest suggests".split()
)
# What a following sentence says of one that does not hold.
_TAKEN_BACK = re.compile(
    r"\s*(?:however|but|yet|this|that|it|these|our|we|later|nobody|none)\b[^.!?]*"
    r"\b(?:not|no|none|false|wrong|untrue|refut\w+|contradict\w*|fail\w*|myth|disprov\w+|retract\w*|"
    r"reject\w*|incorrect|unable|cannot)\b|\s*not\s+so\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Token:
    key: str
    tells: bool
    is_hard: bool
    start: int
    end: int


def carried(claim: str, passage: str, following: str) -> bool:
    """Whether a folded passage carries a folded claim; ``following`` is the sentence behind it."""
    wanted = [token for token in _tokens(claim) if token.tells]
    said = [token for token in _tokens(passage) if token.tells]
    if not wanted:
        return False
    places: list[int] = []
    at = 0
    for token in wanted:
        while at < len(said) and said[at].key != token.key:
            if places and said[at].is_hard:
                return False
            at += 1
        if at == len(said):
            return False
        places.append(at)
        at += 1
    if places[-1] - places[0] + 1 > 2 * len(wanted):
        return False
    # A number without the unit that follows it is another number.
    if wanted[-1].key[-1:].isdigit() and re.match(r"\s?[^\W\d_]", passage[said[places[-1]].end :]):
        return False
    return stands_alone(passage, said[places[0]].start, said[places[-1]].end, following)


def stands_alone(passage: str, start: int, end: int, following: str) -> bool:
    """Whether a stretch of a passage holds by itself: what stands around it neither doubts nor limits it."""
    before, after = passage[:start], passage[end:]
    if DOUBT.search(before) or DOUBT.search(after) or after.rstrip().endswith("?"):
        return False
    if _TAKEN_BACK.match(following):
        return False
    return _introduces(before) and _only_adds(after)


def _introduces(before: str) -> bool:
    tokens = [token for token in _tokens(before) if token.tells]
    if not tokens or all(token.key in _REPORTING for token in tokens):
        return True
    return before.rstrip().endswith((",", ":", ";")) and not before.rstrip().lower().endswith("et al.,")


def _only_adds(after: str) -> bool:
    tokens = [token for token in _tokens(after) if token.tells]
    return not tokens or re.match(r"\s*(?:[,;:.(\[]|(?:and|while|which)\b)", after) is not None


@lru_cache(maxsize=8_192)
def _tokens(text: str) -> tuple[_Token, ...]:
    """Return the tokens of a text; a passage is asked for by many claims."""
    found = []
    first = len(text) - len(text.lstrip())
    for match in _TOKEN.finditer(text):
        word = match[0]
        if word[0].isalpha():
            lower = word.lower()
            key = stem(lower)
            tells = lower in _TELLING or key not in EMPTY
            is_name = match.start() > first and any(letter.isupper() for letter in word)
            is_hard = is_name or lower in _TELLING or key in DIRECTIONS or DOUBT.fullmatch(word) is not None
        else:
            key, tells, is_hard = word.replace(",", ""), True, True
        found.append(_Token(key, tells, is_hard, match.start(), match.end()))
    return tuple(found)
