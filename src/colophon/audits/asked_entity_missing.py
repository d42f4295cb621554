"""T103: names in the question that no claim has."""

from colophon.asked import asked_entities, missing_entities
from colophon.audits import audit
from colophon.audits._topics import clauses, defining_texts
from colophon.fold import Record
from colophon.model import Examination, Flaw, Severity

_SHOWN = 6


@audit("T103", severity=Severity.WARNING)
def asked_entity_missing(record: Record) -> Examination:
    """What: Each model, dataset and metric that the research question names must be named in at least one
    claim. A name is known by its form: capitals inside a word, digits, capitals throughout, a variable as in
    "Recall@K", or, for a measure, by its noun as in "hazard ratio". Spaces, hyphens and capitals make no
    difference, nor does the plural. A short form and the words that it is short for are one name. A record
    without listed claims is not looked at.

    Why: A reader who looks for a result on a named benchmark finds a report on it and no such result. Claims
    about other models and datasets do not answer the question, however well they are verified.

    Example: The question asks what gated sparse attention does to Recall@K in Kosmos-2 on Flickr30K. None of
    the 21 claims has one of the three names.

    Mend: The publisher can issue a report whose claims answer the question, or ask the question that the
    claims answer. If a claim was left out when the report was read here, file a correction with the reason
    `transcription`. It is shown beside the record, and the finding stays.
    """
    question, claims = record.manifest.research_question, record.manifest.claims
    if not question or not claims:
        return Examination()
    entities = asked_entities(question, tuple(defining_texts(record.manifest)))
    missing = missing_entities(entities, tuple(claim.text for claim in claims))
    if not missing:
        return Examination(len(entities), len(entities))
    names = [f'"{entity.name}"' for entity in missing[:_SHOWN]]
    if len(missing) > _SHOWN:
        names.append(f"{len(missing) - _SHOWN} more")
    told = f"the question names {clauses(names)}, 0 of {len(claims)} claims do"
    return Examination(len(entities), len(entities), (Flaw("/research_question", told),))
