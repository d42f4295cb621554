"""What a model says of claims: each beside the passages of its sources, the best of them decides.

It is a layer of its own.  The passages are those that the grounding found, and, where an embedding locator is
given, those of the held texts that lie nearest to the claim.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from colophon import groundings
from colophon.checking import Draw, Judged
from colophon.fold import Record
from colophon.language.sentences import sentences
from colophon.neural.embeddings import EmbeddingLocator
from colophon.neural.entailment import EntailmentJudge, Inference

# From this share on a label is said; of both, or of neither, the model settles nothing.
SURE = 0.5
_NEAREST, _FEWEST_WORDS = 3, 3
# Sentences of all held texts of a record that are embedded, and characters of a quote and of a passage.
_MOST_SENTENCES, _QUOTE, _PASSAGE = 5_000, 500, 4_000


@dataclass(frozen=True, slots=True)
class _Passage:
    """A passage of a source, and who found it."""

    source: str
    text: str
    found_by: str


def judgements(
    record: Record, drawn: Draw, judge: EntailmentJudge, locator: EmbeddingLocator | None
) -> Iterator[Judged]:
    """Yield what the model says of each drawn claim, in order."""
    texts = {claim.id: claim.text for claim in record.as_filed().manifest.claims or ()}
    held = list(islice(_sentences(record), _MOST_SENTENCES)) if locator is not None else []
    for claim in drawn.claims:
        passages: dict[str, _Passage] = {}
        for one in (*_grounded(record, claim), *_nearest(texts[claim], held, locator)):
            # The same words are judged once, whoever found them and wherever.
            passages.setdefault(one.text, one)
        found = [(one, judge.judge(one.text, texts[claim])) for one in passages.values()]
        yield _said(claim, found)


def _said(claim: str, found: list[tuple[_Passage, Inference]]) -> Judged:
    if not found:
        return Judged(claim, "unclear", "none", note="no passage was found in what is held")
    for_it = max(found, key=lambda one: one[1].entails)
    against = max(found, key=lambda one: one[1].contradicts)
    is_for, is_against = for_it[1].entails >= SURE, against[1].contradicts >= SURE
    verdict = "unclear"
    if is_for != is_against:
        verdict = "supported" if is_for else "contradicted"
    passage = against[0] if is_against and not is_for else for_it[0]
    note = (
        f"entailment {for_it[1].entails:.2f}, contradiction {against[1].contradicts:.2f} at most, over"
        f" {len(found)} passage{'' if len(found) == 1 else 's'}; this one was found by {passage.found_by}"
    )
    # A model does not weigh how grave an error is.
    return Judged(claim, verdict, "none", passage.source, "", passage.text[:_QUOTE], note)


def _grounded(record: Record, claim: str) -> Iterator[_Passage]:
    """Yield the passages that the grounding which counts has for a claim, as far as they are stored."""
    stored = record.evidence.current
    found = next((one for one in stored.grounding.claims if one.claim == claim), None) if stored else None
    for span in (*found.spans, *found.runners_up) if found is not None else ():
        text = " ".join((span.quote or "").split())
        # A cell of a table without its row says nothing that a model could judge.
        if len(text.split()) >= _FEWEST_WORDS:
            yield _Passage(span.source, text[:_PASSAGE], "the grounding")


def _sentences(record: Record) -> Iterator[_Passage]:
    """Yield the sentences of the held texts of a record's sources."""
    for text in groundings.texts_of(record.as_filed().manifest, record.evidence.held):
        if isinstance(text.content, str):
            for start, end in sentences(text.content):
                sentence = " ".join(text.content[start:end].split())
                yield _Passage(text.source, sentence[:_PASSAGE], "the embedding locator")


def _nearest(claim: str, held: list[_Passage], locator: EmbeddingLocator | None) -> Iterator[_Passage]:
    if locator is not None:
        for at, _ in locator.nearest(claim, [one.text for one in held], _NEAREST):
            yield held[at]
