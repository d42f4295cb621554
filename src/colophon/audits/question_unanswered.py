"""T102: a question of which the claims say nothing."""

from colophon.audits import audit
from colophon.audits._topics import Topic, spoken_of
from colophon.fold import Record
from colophon.model import Examination, Severity

_QUESTION = Topic("/research_question", "question", least=0.20, fewest_words=10)


@audit("T102", severity=Severity.WARNING)
def question_unanswered(record: Record) -> Examination:
    """What: All claims together must speak of what the research question asks: they must have words of the
    question that together carry at least a fifth of its weight. Rare words weigh more than common ones, by a
    table of word frequencies that is part of the release. Words are compared by their stems, and a short form
    stands for what it is short for. A record without listed claims is not looked at. A question of fewer than
    three such words, and claims of fewer than ten words or in another language, are not judged.

    Why: Claims that share no word with the question cannot answer it. The report then looks like an answer
    and is a list of findings on something else.

    Example: The question is about gated sparse attention and recall on long captions. The 21 claims describe
    how a set of video clips was annotated.

    Mend: The publisher can issue a report whose claims answer the question, or ask the question that the
    claims answer. If the wrong text was read as the question here, file a correction with the reason
    `transcription`. It is shown beside the record, and the finding stays.
    """
    question, claims = record.manifest.research_question, record.manifest.claims
    if not question or not claims:
        return Examination()
    together = "\n".join(claim.text for claim in claims)
    say = f"{len(claims)} claims together have", "they lack"
    return spoken_of(_QUESTION, question, together, record.manifest, say)
