"""X102: texts that quote the title, the question or the subject, and quote it wrongly."""

from colophon.audits import audit
from colophon.audits._quotes import Quote, Wording, difference, quotes
from colophon.contracts.paper_manifest import Manifest
from colophon.fold import Record
from colophon.language.folding import fold
from colophon.matching import cut
from colophon.model import Examination, Flaw, Severity

_NAMES = {"research_question": "research question", "title": "title", "subject": "subject"}
# Fewer words tell no text from another.
_FEWEST_WORDS, _FEWEST_OF_TITLE = 5, 8
# Which share of the words of either must be the other's, where nothing says what is quoted and where it does.
_ALIKE, _ALIKE_IF_CALLED = 0.75, 0.5


@audit("X102", severity=Severity.WARNING)
def quoted_field_differs(record: Record) -> Examination:
    """What: A text that quotes the research question, the title or the subject must quote it as the record
    has it. Looked at are the abstract, notes, limitations and the method. A quote counts where the words
    before it say that the research question follows, and where a text in quotation marks is nearly that of
    one of these fields. A title that repeats the beginning of the question and stops in the middle counts as
    well. Capitals, spaces, hyphens, the kind of quotation marks and the mark at the end make no difference.
    A subtitle may be left out, and a quote that marks what it leaves out is no finding.

    Why: One of the two is not what was asked. A quote that stops early has lost the condition under which the
    question was meant.

    Example: The abstract says "addressing the following research question: does sparsity raise the F1." The
    question of the record goes on: "score of small models on long documents?".

    Mend: The publisher can issue a report that quotes its question whole. If the question was copied wrongly
    into the record, file a correction with the reason `transcription`. It is shown beside the record, and the
    finding stays.
    """
    manifest = record.manifest
    fields = {name: Wording(fold(text).text) for name in _NAMES if (text := getattr(manifest, name))}
    titles = [Wording(fold(source.title).text).words for source in manifest.sources or () if source.title]
    recognised = checked = 0
    flaws: list[Flaw] = []
    for quote in quotes(manifest, record.provenance, fields.get("research_question", Wording(""))):
        if quote.wording.words in titles:
            continue
        field = _meant(quote, fields)
        recognised += field is not None or quote.label == "sure"
        if field is not None:
            checked += 1
            flaws.extend(_flaws(quote, field, fields[field]))
    repeated = _title_of_question(manifest, fields)
    told = [] if repeated is None else [Flaw("/title", f"quotes the research question {repeated}")]
    return Examination(recognised + len(told), checked + len(told), (*flaws, *told))


def _flaws(quote: Quote, name: str, field: Wording) -> list[Flaw]:
    told = difference(quote.wording, field)
    if told is None or (name != "research_question" and quote.wording.is_main_part_of(field)):
        return []
    return [Flaw(quote.pointer, f"quotes the {_NAMES[name]} {told}", quote.document)]


def _meant(quote: Quote, fields: dict[str, Wording]) -> str | None:
    """Return the field that a quote is of, or None when that is open."""
    wording = quote.wording
    equal = [name for name, field in fields.items() if field.words == wording.words]
    if equal:
        return equal[0]
    if len(wording.words) < _FEWEST_WORDS:
        return None
    if quote.label == "sure":
        return "research_question" if "research_question" in fields else None
    likeness = {name: wording.alike(field) for name, field in fields.items()}
    name = max(likeness, key=lambda one: likeness[one])
    is_question = name == "research_question"
    is_called = quote.label == "likely" if is_question else quote.label == name
    enough = _ALIKE_IF_CALLED if is_called else _ALIKE
    is_cut = wording.begins(fields[name]) and 2 * len(wording.words) >= len(fields[name].words)
    return name if likeness[name] >= enough or is_cut else None


def _title_of_question(manifest: Manifest, fields: dict[str, Wording]) -> str | None:
    """Return what of the question is missing in a title that repeats it and stops in the middle."""
    question, title = fields.get("research_question"), manifest.title
    before, colon, behind = title.partition(":")
    if colon and before.strip().lower() in manifest.publisher.name.lower():
        title = behind
    wording = Wording(fold(title).text)
    if question is None or len(wording.words) < _FEWEST_OF_TITLE or cut(title) is None:
        return None
    return difference(wording, question) if wording.begins(question) else None
