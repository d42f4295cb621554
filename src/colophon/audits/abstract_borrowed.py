"""T104: the abstract against the abstracts of the cited sources."""

import re

from colophon.audits import audit
from colophon.evidence import Held
from colophon.fingerprint import Fingerprint, SharedRun, Worded, fingerprint, longest_run
from colophon.fold import Record
from colophon.model import Examination, Flaw, Severity

# Words in a row that nobody writes twice by chance, and the share of a short abstract that is as telling.
_LEAST_WORDS, _LEAST_SHARE = 40, 0.5
# Of a very short abstract half is no more than a phrase.
_LEAST_OF_SHORT = 12
_SHOWN = 8
_OPENING, _CLOSING = re.compile(r"[\"“«„]\s*$"), re.compile(r"[.,;!?…\s]{0,5}[\"”»“]")


@audit("T104", severity=Severity.ERROR)
def abstract_borrowed(record: Record) -> Examination:
    """What: The abstract of a synthesis must be its own. It counts as borrowed when at least 40 words in a
    row stand there as they stand in the abstract or the text of a cited source, or half of the source's
    abstract, and no quotation marks enclose them. A source's text is compared where it is held, else its
    fingerprint: hashes of runs of eight words, which prove each word of the run. Case, spaces and hyphens
    make no difference.

    Why: A borrowed abstract tells what one source says of its own work. Whoever reads it as the result of a
    synthesis is misled about what was found, and by whom.

    Example: The abstract begins "We introduce ModaRoute, an LLM-based intelligent routing system" and goes on
    for 90 words as the abstract of the cited arXiv 2507.13374 does.

    Mend: The publisher can issue an abstract of the report's own, or quote the source and name it. If the
    wrong text was copied into the record, file a correction with the reason `transcription`. It is shown
    beside the record, and the finding stays.
    """
    abstract = record.manifest.abstract
    prints = [
        (source, held, made)
        for source, holdings in record.evidence.held
        for held in holdings
        if (made := _fingerprint(held)) is not None
    ]
    if not abstract or not prints:
        return Examination()
    worded = Worded(abstract)
    flaws = []
    for source, held, made in prints:
        run = longest_run(worded, made)
        is_abstract = held.holding.holds == "abstract"
        if run is not None and _is_borrowed(run, made, is_abstract) and not _is_quoted(abstract, run):
            flaws.append(Flaw("/abstract", _told(abstract, run, source, held)))
    return Examination(len(prints), len(prints), tuple(flaws))


def _fingerprint(held: Held) -> Fingerprint | None:
    holding = held.holding
    if holding.text is not None:
        return fingerprint(holding.text)
    stored = holding.fingerprint
    return None if stored is None else Fingerprint(stored.words, stored.positions, stored.hashes)


def _is_borrowed(run: SharedRun, of: Fingerprint, is_abstract: bool) -> bool:
    is_half = run.words >= max(_LEAST_SHARE * of.words, _LEAST_OF_SHORT)
    return run.words >= _LEAST_WORDS or (is_abstract and is_half)


def _is_quoted(text: str, run: SharedRun) -> bool:
    return _OPENING.search(text[: run.start]) is not None and _CLOSING.match(text[run.end :]) is not None


def _told(abstract: str, run: SharedRun, source: str, held: Held) -> str:
    cited, words = held.holding.source, abstract[run.start : run.end].split()
    title = f' ("{held.holding.title}")' if held.holding.title else ""
    what = "the abstract" if held.holding.holds == "abstract" else "the text"
    return (
        f'{run.words} words in a row, from "{" ".join(words[:_SHOWN])}" to '
        f'"{" ".join(words[-_SHOWN:])}", stand in {what} of {source}, '
        f"{cited.kind} {cited.identifier}{title}"
    )
