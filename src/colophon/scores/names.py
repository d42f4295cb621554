"""The models and datasets that a sentence names, told apart by where they stand."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from colophon.language.beginnings import Begun
from colophon.language.terms import EMPTY, stem
from colophon.language.weights import table
from colophon.scores.metrics import Mention, metrics

_WORD = r"(?:[A-Z][\w+]*|[a-z]{1,5}[A-Z][\w+]*)(?:[-./]?[\w+]+)*"
_SIZE = r"(?:[0-9]{1,2}x)?[0-9]{1,4}(?:\.[0-9]{1,2})?[BMT]"
_MORE = (
    rf"(?:{_SIZE}\b|v[0-9]+(?:\.[0-9]+)*\b|[1-9](?:\.[0-9])?(?=\s{_SIZE}\b)|[1-9](?![\w.,%×])(?=\s[a-z(]|$)|"
    rf"{_WORD})"
)
_NAME = re.compile(rf"(?<![\w.@/-])(?:{_SIZE}\s)?{_WORD}(?:\s{_MORE})*(?:\s?\({_SIZE}\))?")
_HAS_SIZE = re.compile(rf"\s?\(?\b({_SIZE})\b\)?")
_HAS_VERSION = re.compile(r"(?:[-\s]v?|v)([0-9]{1,3}(?:\.[0-9]{1,2})*[a-z]?)(?=$|[-\s])")
_GENERIC = frozenset(
    "gpu gpus cpu cpus tpu llm llms vlm vlms mllm mllms cnn cnns rnn rnns asr ocr sota moe qa nlp rag ai"
    " ml api flops flop kv sft rl rlhf dpo cot icl nvidia tf-idf i k p n r ci em"
    " we vs table figure fig section".split()
)
_CAPITALISED = re.compile(r"[A-Z][a-z]+(?![\w-])")
_HARDWARE = re.compile(r"^(?:[ABHLVT][0-9]{2,4}|RTX|GTX|TPU|GPU|CPU|NVIDIA|Apple|Intel|AMD|Jetson|Xeon)\b")
_ON = Begun(r"\b(?:on|over|across)\s(?:the\s|both\s)?(?:[a-z-]+\s){0,2}$", "on over across")
_IS_DATA = re.compile(
    r"^(?:'s)?[\s-](?:v[0-9]\s)?(?:datasets?|benchmarks?|test(?:-dev|-std)?|validation|val|dev|splits?|leaderboard|questions|corpus)\b"
)
_RIVALS = (
    r"(?:than|over|vs\.?|versus|to|against|beat\w*|outperform\w*|surpass\w*|exceed\w*|behind|above|below|of|with|from"
    r"|using|via|into|in|as)"
)
_RIVAL = Begun(rf"\b{_RIVALS}\s(?:the\s|an?\s)?(?:[a-z-]+\s){{0,2}}$", _RIVALS)
# Models that stand behind "on" as often as data do, and names that only data have.
_MODELS = re.compile(
    r"^(?:GPT|Chat|Llama|LLaMA|LLaVA|Vicuna|Qwen|Mistral|Mixtral|Claude|Gemini|Gemma|PaLM|BERT|RoBERTa|DeBERTa|T5|Flan"
    r"|OPT|Falcon|Phi|DeepSeek|Kosmos|CLIP|BLIP|InstructBLIP|Flamingo|ViT|ResNe|DINO|Whisper|Pythia|Grok|Yi)"
)
_DATA = re.compile(
    r"^[A-Z][A-Z0-9-]{2,}(?:\s?v[0-9])?$|(?:QA|Bench|Eval|Net|COCO|[0-9]K|-?100|-?10)(?:[- ]?v[0-9])?$"
)
_GOES_ON = re.compile(r"^(?:\s(?:and|&|or)\s|,\s(?:and\s)?)$")
# "On GQA, TextVQA and VizWiz, ...": where the data that a sentence begins with end.
_ITEM = r"(?:[A-Z][\w.-]*\s?){1,3}"
_BEGINNING = re.compile(
    rf"(?:[Oo]n|[Oo]ver|[Aa]cross)\s[^,;]{{1,80}}(?:(?:,\s{_ITEM}){{0,6}},?\sand\s{_ITEM})?,\s"
)
_MOST_NAMES = 40
# Characters before a name that are looked at.
_NEAR = 50
# Sentences.
_REMEMBERED = 512


@dataclass(frozen=True, slots=True)
class Name:
    """One named thing; ``role`` is ``model``, ``dataset`` or ``rival`` (a model that is no subject)."""

    text: str
    start: int
    end: int
    role: str

    @property
    def size(self) -> str | None:
        """The number of parameters, where the name has it."""
        match = _HAS_SIZE.search(self.text)
        return match[1] if match else None

    @property
    def version(self) -> str | None:
        """The version, where the name has one."""
        match = _HAS_VERSION.search(_HAS_SIZE.sub("", self.text))
        return match[1] if match else None

    @property
    def bare(self) -> str:
        """The name without version and size."""
        return _HAS_VERSION.sub("", _HAS_SIZE.sub("", self.text), count=1).strip()


# Several audits ask for the same sentences in turn.
@lru_cache(maxsize=_REMEMBERED)
def names(text: str) -> tuple[Name, ...]:
    """Return what a sentence names, in order, with its role; names of measures are none."""
    found: list[Name] = []
    mentions = metrics(text)
    taken = [(one.start, one.end) for one in mentions]
    for match in islice(_NAME.finditer(_uncapitalised(text)), _MOST_NAMES):
        start, end = match.span()
        name = text[start:end]
        # "GQA accuracy", "VQA R@1": the measure is no part of the name.
        for low, high in taken:
            if low < end and start < high:
                start, end = (high, end) if low <= start else (start, low)
        name = text[start:end].strip()
        if not name or start >= end or name.lower() in _GENERIC:
            continue
        end = start + len(text[start:end].rstrip())
        found.append(Name(name, start, end, _role(text, start, end, found, mentions)))
    return tuple(one for one in found if one.role)


def _uncapitalised(text: str) -> str:
    """Return a sentence whose first word has no capital unless it is a name."""
    first = _CAPITALISED.match(text)
    if first is None:
        return text
    is_word = stem(first[0].lower()) in EMPTY or stem(first[0].lower()) in table()[0]
    return text[0].lower() + text[1:] if is_word else text


def _role(text: str, start: int, end: int, found: Sequence[Name], mentions: Sequence[Mention]) -> str:
    behind = text[end : end + 24]
    beginning = _BEGINNING.match(text)
    is_behind = beginning is not None and found[-1:] != [] and found[-1].end < beginning.end() <= start
    is_listed = bool(found) and not is_behind and _GOES_ON.match(text[found[-1].end : start]) is not None
    name = text[start:end]
    if _HARDWARE.match(name):
        return ""
    if _IS_DATA.match(behind):
        return "dataset"
    if _ON.search_before(text, start, _NEAR):
        return "rival" if _MODELS.match(name) or _HAS_SIZE.search(name) else "dataset"
    if any(text[end : one.start] == " " for one in mentions if one.start > end):
        # "GQA accuracy", and of "Lupin accuracy" it is open which of the two it is.
        return "dataset" if _DATA.search(name) and not _MODELS.match(name) else "rival"
    if is_listed:
        return found[-1].role
    if any(text[one.end : start] == " of " for one in mentions):
        return "model"
    return "rival" if _RIVAL.search_before(text, start, _NEAR) else "model"
