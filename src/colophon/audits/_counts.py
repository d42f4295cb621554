"""Stated counts as places with their pointers, and which of them count only a part."""

import re
from collections.abc import Iterator

from colophon.contracts.paper_manifest import Count, Manifest

_PLACE = (
    r"(?:tables?|figures?|abstracts?|appendi(?:x|ces)|captions?|supplements?|supplementary|footnotes?|sections?"
    r"|introductions?|conclusions?|discussions?)"
)
# One of several in an order: the first reader, an earlier edition, the last hour.
_ORDINAL = (
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|initial|last|previous|earlier|prior"
    r"|preliminary|pilot|other|next|latter|former|[0-9]{1,2}(?:st|nd|rd|th))"
)
_STEP = r"(?:rounds?|pass(?:es)?|stages?|phases?|iterations?|steps?|batch(?:es)?)"
_WHO = r"(?:reviewers?|referees?|checkers?|judges?|annotators?|raters?|panell?ists?)"
_READER = r"(?:reader|editor|curator|expert|person|coder|assessor|analyst|librarian|student|author|human)"
_WORK = r"(?:papers?|sources?|stud(?:y|ies)|articles?|works?|documents?|records?|preprints?|groups?|parts?)"
_TIME = r"(?:seconds?|minutes?|hours?|days?|weeks?|months?)"
_PARTIAL = re.compile(
    rf"\b(?:from|in|within|across|among|of) (?:[\w-]+ ){{0,3}}{_PLACE}\b"
    rf"|\bby (?:(?:one|two|three|[0-9]{{1,2}}|the|an?|a single|only|{_ORDINAL}) ){{0,2}}{_WHO}\b"
    rf"|\bby (?:only )?(?:one|an?|a single) (?:[\w-]+ )?{_READER}\b|\bby (?:one|another|either|a single)\b"
    rf"|\b(?:by|in|within|during|after|at|before|on|until|with|through|under|for|from|of)"
    rf" (?:(?:the|an?|our|its|their|this) )?{_ORDINAL}\b(?! claims?\b)"
    rf"|\b(?:in|during|after|at|before) (?:(?:the|a|an) )?{_STEP}\b"
    rf"|\b(?:of|from|in|for) (?:only |just )?(?:one|a single|another|any|some) (?:[\w-]+ )?{_WORK}\b"
    rf"|\b(?:by|of|from|in|for) (?:{_READER}|{_WHO}|{_WORK}|{_STEP}) (?:[0-9]{{1,2}}|[A-Z])\b"
    rf"|\b(?:in|within|after|during) (?:(?:the|an?|about|under) )?(?:[\w-]+ ){{0,2}}{_TIME}\b"
    r"|\b(?:so far|to date|as yet|at first|initially|originally|previously|formerly|alone|sub ?set|sampled?"
    r"|spot[- ]check\w*)\b"
    r"|\b(?:per|each|on average|at least|at most)\b"
    r"|\b(?:up to|about|around|approximately|nearly|almost|over|some) [0-9]+ (?:[\w-]+ ){0,2}claims?\b"
    r"|\b(?:additional|further|other|remaining|new|duplicate|candidate|raw|numeric|numerical|quantitative"
    r"|qualitative|key|main|major|minor|central|causal|comparative|statistical|disputed|borderline|selected"
    r"|negative|positive) (?:[\w-]+ )?claims?\b"
    r"|\bclaims? (?:about|concerning|regarding|containing|involving|with(?:out)? (?:numbers?|figures?)"
    r"|on (?!average|the basis))\b",
    re.IGNORECASE,
)

# Characters; the words of a count are a phrase.
_LONGEST = 2000
_CLAUSE_END = re.compile(r"[.;:,()]")


def is_partial(text: str) -> bool:
    """Whether the words of a count limit it to a part: ``from tables``, ``by reviewer 2``."""
    return _PARTIAL.search(" ".join(text[:_LONGEST].replace("_", " ").split())) is not None


def places(manifest: Manifest, name: str) -> Iterator[tuple[str, int]]:
    """Yield (pointer, value) of every place that states a whole count, the first one once.

    The field ``/stated/<name>`` repeats the first place in the report that gives its value; when that counts
    a part only, so does the field.
    """
    stated = manifest.stated
    whole = [not _is_partial(count, manifest) for count in stated.counts]
    found = [i for i, count in enumerate(stated.counts) if count.count == name]
    field: int | None = getattr(stated, name)
    same = [i for i in found if stated.counts[i].value == field]
    # A place of a whole count before one of a part.
    origin = next((i for i in same if whole[i]), same[0] if same else None)
    if field is not None and (origin is None or whole[origin]):
        yield f"/stated/{name}", field
    for i in found:
        # The place that the field repeats is not compared with itself.
        if i != origin and whole[i]:
            yield f"/stated/counts/{i}/value", stated.counts[i].value


def partial_places(manifest: Manifest, name: str) -> int:
    """Return how many places state a count of a part."""
    return sum(1 for count in manifest.stated.counts if count.count == name and _is_partial(count, manifest))


def _is_partial(count: Count, manifest: Manifest) -> bool:
    """Whether a count is limited by its words, or by those that follow it in the abstract."""
    if is_partial(count.text):
        return True
    behind = manifest.abstract.split(count.text)[1:] if manifest.abstract and count.text else []
    if not behind:
        return False
    alike = sum(1 for other in manifest.stated.counts if other.text == count.text)
    return len(behind) >= alike and all(is_partial(_CLAUSE_END.split(text[:80], 1)[0]) for text in behind)
