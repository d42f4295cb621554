"""Signs that a text describes one instance of a data set: one clip, one picture, one case."""

import re
from dataclasses import dataclass

from colophon.language.beginnings import Begun, Led
from colophon.language.terms import stem

# What is seen, heard or read as one of many, and what else a data set has many of.
_SHOWING = (
    r"(?:clip|video|image|photo|photograph|picture|frame|scene|screenshot|footage|recording|painting|drawing"
    r"|scan|dialogue|dialog|conversation|transcript|caption|passage|story|snippet|thumbnail|slide|screen)"
)
_COUNTED = (
    rf"(?:{_SHOWING}|document|episode|trajectory|trace|query|question|problem|row|record|entry|item|instance"
    r"|case|patient|participant|respondent|essay|post)"
)
_ONE_OF_MANY = (
    rf"(?:{_COUNTED}|article|paragraph|sentence|email|message|table|prompt|response|answer|annotation|map|user"
    r"|input|output|page|file|sequence|pair)"
)
UNITS = frozenset(stem(word) for word in re.findall(r"[a-z]+", _ONE_OF_MANY))
_OF_AN_EXAMPLE = "(?:example|sample|illustrative|illustrated|exemplary|depicted|pictured|worked|running|demo)"
_EXAMPLE = Begun(
    rf"\b(?:the|this|that|one|our|same) (?:[\w-]+ ){{0,2}}?{_OF_AN_EXAMPLE} (?:[\w-]+ ){{0,2}}?{_ONE_OF_MANY}"
    r"\b(?!-)",
    _OF_AN_EXAMPLE,
)
# "The example" itself, where no word before it makes it a kind of input to a model.
_WHICH = r"(?:(?:first|worked|running|above|shown|illustrated) )?"
_THE_EXAMPLE = Begun(
    rf"\b(?:(?:in|of|from) (?:the|this|that) {_WHICH}example\b"
    rf"|(?:the|this) {_WHICH}(?:example|instance) (?:shows?|depicts?|displays?|contains?|features?|includes?"
    r"|is (?:from|of|about|taken)|has|describes?|asks?|mentions?|comes|belongs?|begins?|ends?|was))\b",
    "example instance",
)
# "The example" as a noun, by the verb, preposition or mark behind it: no "example prompts".
_EXAMPLE_ITSELF = Begun(
    rf"\b(?:the|this|that) {_WHICH}(?:example|instance)(?=[,.;:]|$| (?:in|on|from|at|with|above|below|by)\b"
    rf"| (?:is|was|has|had|can|also|then|(?!{_ONE_OF_MANY})[a-z]+(?:s|ed)"
    r"(?= (?:an?|the|in|by|with|for|near|on|at|two|[0-9]+)\b))\b)",
    "example instance",
)
# What was done with one clip or picture, what is told of it, and what is seen or heard in it.
_THE_ONE = rf"(?:the|this|that) (?:[\w-]+ ){{0,2}}?{_SHOWING}\b(?!-)"
_A_THING = r"(?:an?|the|two|three|four|several|his|her)"
_TOLD_OF = Begun(
    rf"\b{_THE_ONE}(?: \"[^\"]{{1,60}}\")? (?:(?:was|were|is) (?:filmed|shot|taken|recorded|drawn|painted"
    r"|(?:annotated|labell?ed) by|captioned|described|transcribed|titled)|lasts?|runs for"
    rf"|(?:contains?|includes?|ends with|begins with|opens with|closes with|features|shows) {_A_THING})\b"
    r"|\b(?:transcript|caption|answer|question|description|label|subtitles?|title|soundtrack|audio|annotation|sign"
    rf"|text) (?:of|for|to|in|under|about) {_THE_ONE}"
    r"|\b(?:seen|heard|visible|shown|named|mentioned|spoken|standing|lying|hanging|written)"
    rf" (?:(?:at|on|in|to|near) the (?:very )?[a-z]+ of |in |on |inside |throughout |during ){_THE_ONE}",
    _SHOWING,
)
_NAMED = re.compile(
    rf"\b(?P<unit>{_SHOWING}|example|sample|document|episode|question|case),? "
    r"(?:called |named |titled |entitled )?\"(?P<id>[^\"]{1,60})\"",
    re.IGNORECASE,
)
_IDENTITY = r"(?=[\w.-]*[0-9])[\w-][\w.-]{0,40}"
_NUMBERED = Led(
    rf"\b(?P<unit>{_COUNTED}|example|sample|subject),? ?(?:#|no\.? ?|number |id:? ?|\()*"
    rf"(?P<id>{_IDENTITY})(?! ?(?:[x%*/=]|by\b|times\b))",
    f"{_COUNTED} example sample subject",
)
_SHOWN = Begun(
    rf"\b(?:the|this|that) (?:[\w-]+ ){{0,2}}?{_SHOWING} (?:also |then |first )?(?:shows?|depicts?|displays?"
    r"|pictures?|portrays?|features|reads|says|asks?|mentions?|opens with|begins with|ends with) "
    r"(?:(?:a|an|the|two|three|four|several|his|her|someone|people|[0-9]+|how)\b|[\"'])"
    rf"|\b(?:side|bottom|top|cent(?:er|re)|corner|edge|middle) of (?:the|this) {_SHOWING}\b"
    r"|\bin the (?:back|fore)ground\b|(?:^|, )in (?:the|this) (?:image|photo|photograph|picture|clip|video"
    r"|scene|frame),? (?:a|an|the|two|three|several|there)\b",
    f"{_SHOWING} back fore",
)
_SAYING = (
    "(?:transcript|caption|subtitle|sign|speaker|narrator|user|assistant|text|label|banner|screen|title)"
)
_SAID = Led(
    rf"\b{_SAYING}\b"
    r".{0,80}?\b(?:reads|says|states|asks|(?:includes|contains) the (?:phrase|words?|text)),? "
    r"(?:that )?[\"']",
    _SAYING,
)
_WHO = "(?:man|woman|boy|girl|child|person|dog|cat|chef|cook|player|couple|presenter)"
_SOMEBODY = Begun(
    rf"\b(?:a|an|the) (?:[\w-]+ ){{0,2}}?{_WHO}"
    r" (?:in [\w -]{1,40} )?(?:is |are )?(?:stand|sit|wear|hold|walk|smil|stir|point|cook|chop"
    r"|look|talk|surround|dress|pos|run|kneel|lean)(?:s|es|ed|[a-z]?ing)?\b",
    _WHO,
)
# Words of results, methods and whole data sets: such a claim is about more than one instance.
_GENERAL_WORDS = (
    r"\b(?:each|every|all|most|any|per|typically|usually|often|on average|average|mean|median|accuracy|recall"
    r"|scores?|precision|outperform\w*|improv\w*|benchmarks?|datasets?|corpus|models?|encoders?|decoders?"
    r"|architectures?|baselines?|methods?|pipelines?|networks?|algorithms?|papers?|stud(?:y|ies)|experiments?"
    r"|annotators)\b"
)
_GENERAL = Led(_GENERAL_WORDS, _GENERAL_WORDS)
_PER_CENT = re.compile(r"[0-9] ?(?:%|per ?cent)", re.IGNORECASE)


_SEEN = (_SHOWN, _SAID, _SOMEBODY, _TOLD_OF, _EXAMPLE_ITSELF)


@dataclass(frozen=True, slots=True)
class Marks:
    """Whether a text describes one instance, and the number or name that the instance has."""

    is_marked: bool
    identity: str | None


def marks(text: str) -> Marks:
    """Return what shows that a folded text describes one instance."""
    numbered = _NUMBERED.search(text)
    identity = None
    if numbered is not None and not _counts(text, numbered):
        identity = f"{stem(numbered['unit'].lower())} {numbered['id'].lower().rstrip('.')}"
    elif '"' in text and (named := _NAMED.search(text)) is not None:
        identity = f"{stem(named['unit'].lower())} {named['id'].lower()}"
    if _EXAMPLE.search(text) or _THE_EXAMPLE.search(text):
        is_of_example = numbered is not None and numbered["unit"].lower() == "example"
        return Marks(True, identity if is_of_example else None)
    if is_general(text):
        return Marks(False, None)
    is_seen = any(pattern.search(text) for pattern in _SEEN)
    return Marks(is_seen or identity is not None, identity)


def is_general(text: str) -> bool:
    """Whether a text is about results, methods or many instances."""
    return _PER_CENT.search(text) is not None or _GENERAL.search(text) is not None


def _counts(text: str, numbered: re.Match[str]) -> bool:
    """Whether a number behind a word counts what follows it: "the query 5 documents"."""
    following = re.match(
        r" ([a-z]+s)\b(?! (?:an?|the|with|two|three|that|[0-9]+)\b| \")",
        text[numbered.end() : numbered.end() + 40],
    )
    verbs = ("is", "was", "has", "shows", "depicts", "describes", "asks", "contains", "features", "comes")
    return following is not None and following[1] not in verbs
