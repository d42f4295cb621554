"""Under which conditions a score was had: split, shots, tools, harness and number format, where stated."""

import re

_WORDS = {
    "zero": "0",
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "few": "few",
    "eight": "8",
}
_SHOTS = re.compile(r"\b(?P<n>zero|one|two|three|four|five|eight|few|[0-9]{1,3})[-\s]shots?\b", re.IGNORECASE)
_SPLIT = re.compile(
    r"\b(?P<split>test-dev|test-std|test-standard|dev-test|testdev|(?:test|dev|validation|val|training|train|held-out"
    r"|karpathy)(?=[-\s](?:set|split|data|accuracy|images|questions|portion)|\b\s*$|[,.;)]|\s(?:zero|[0-9])))",
    re.IGNORECASE,
)
_VALIDATION = re.compile(r"\bvalidation\s(?:accuracy|score|f1|performance)\b", re.IGNORECASE)
_SPLITS = {"val": "validation", "dev": "validation", "train": "training", "testdev": "test-dev",
           "test-standard": "test-std"}  # fmt: skip
_TOOL = (
    r"(?:tools?|tool[-\s]use|tool\scalls?|code\sinterpreters?|calculators?|web\s(?:search|access|browsing)|python"
    r"|search\stools?|retrieval|external\stools?)"
)
_NO_TOOLS = re.compile(
    rf"\b(?:without|no|not\susing)\s(?:any\s)?{_TOOL}\b|\btool-free\b|\bplain\sprompting\b", re.IGNORECASE
)
_TOOLS = re.compile(
    rf"\b(?:with|using|via|plus|given)\s(?:an?\s|the\s)?(?P<tool>{_TOOL})\b|\b(?P<use>tool[-\s]use)\b",
    re.IGNORECASE,
)
_HARNESS = re.compile(
    r"\b(?P<name>lm-?eval(?:uation)?-harness|lm-?eval|eleuther(?:ai)?\sharness|HELM|OpenCompass|VLMEvalKit|lmms-eval"
    r"|simple-evals|BigCode(?:\sevaluation)?\sharness|Inspect|LightEval|EvalPlus|SWE-agent|OpenHands)\b",
    re.IGNORECASE,
)
_PRECISION = re.compile(
    r"\b(?P<bits>(?:fp|bf|int|nf|tf|mxfp)-?[0-9]{1,2}|[1-8]-bit|(?:four|eight)-bit|(?:half|full|single|double|mixed)[-\s]precision)\b",
    re.IGNORECASE,
)
_BITS = {"four-bit": "4-bit", "eight-bit": "8-bit"}


def shots(text: str) -> str | None:
    """Return the number of examples in the prompt, where one is named."""
    return _only({_WORDS.get(match["n"].lower(), match["n"]) for match in _SHOTS.finditer(text)})


def split(text: str) -> str | None:
    """Return the split of the data, where one is named."""
    found = {match["split"].lower() for match in _SPLIT.finditer(text)}
    found |= {"validation"} if _VALIDATION.search(text) else set()
    return _only({_SPLITS.get(name, name) for name in found})


def tools(text: str) -> str | None:
    """Return the tools that were used, ``none`` where a sentence says so."""
    without = _NO_TOOLS.sub(" ", text)
    found = {(match["tool"] or "tools").lower().replace("-", " ") for match in _TOOLS.finditer(without)}
    return _only(found | ({"none"} if without != text else set()))


def harness(text: str) -> str | None:
    """Return the program that ran the evaluation, where one is named."""
    return _only({match["name"].lower() for match in _HARNESS.finditer(text)})


def precision(text: str) -> str | None:
    """Return the number format, where one is named."""
    found = {match["bits"].lower().replace(" ", "-") for match in _PRECISION.finditer(text)}
    return _only({_BITS.get(bits, bits) for bits in found})


def _only(found: set[str]) -> str | None:
    """Return what is named once; of several it is open which goes with a score."""
    return found.pop() if len(found) == 1 else None
