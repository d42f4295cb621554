"""T101: a title whose topic the abstract does not speak of."""

from colophon.audits import audit
from colophon.audits._topics import Topic, spoken_of
from colophon.contracts.paper_manifest import Manifest
from colophon.fold import Record
from colophon.language.folding import fold
from colophon.language.terms import stems
from colophon.model import Examination, Severity

_TITLE = Topic("/title", "title", least=0.25, fewest_words=20)


@audit("T101", severity=Severity.WARNING)
def title_off_topic(record: Record) -> Examination:
    """What: The abstract must speak of what the title names: it must have words of the title that together
    carry at least a quarter of the title's weight. Rare words weigh more than common ones, by a table of word
    frequencies that is part of the release. Words are compared by their stems, and a short form stands for
    what it is short for. A title of fewer than three such words, and an abstract of fewer than 20 words or in
    another language, are not judged.

    Why: A title on one system above an abstract on another is how a report looks whose parts were taken from
    different papers. Whoever finds the report by its title does not find what the title promises.

    Example: The title is about gated sparse attention in Kosmos-2 on Flickr30K, the abstract about routing
    queries in video retrieval.

    Mend: The publisher can issue a report whose title and abstract belong together. If the wrong text was
    read as the title or the abstract here, file a correction with the reason `transcription`. It is shown
    beside the record, and the finding stays.
    """
    manifest, abstract = record.manifest, record.manifest.abstract
    if not abstract or not abstract.strip():
        return Examination()
    return spoken_of(_TITLE, _topic(manifest), abstract, manifest, ("the abstract has", "it lacks"))


def _topic(manifest: Manifest) -> str:
    """Return the title without the publisher's name before its colon."""
    before, colon, behind = manifest.title.partition(":")
    publisher = set(stems(fold(manifest.publisher.name).text))
    return behind if colon and set(stems(fold(before).text)) <= publisher else manifest.title
