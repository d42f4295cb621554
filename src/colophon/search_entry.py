"""What the search of the site knows of one paper: what it shows, what it counts, and what it looks in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from colophon.fold import Record
from colophon.judgement import Judged

# Characters that a result shows; the whole is searched.
_TITLE, _ABOUT, _NAME = 200, 280, 80
_DAY_ZERO = date(2000, 1, 1).toordinal()
# Of what re-runs say of its claims a paper is counted under the first.
_VERDICTS = ("FALSIFIED", "VERIFIED", "UNVERIFIED")
NOT_RUN = "NOT RUN"


@dataclass(frozen=True, slots=True)
class Entry:
    """One paper as the search has it.

    ``day`` counts from 1 January 2000 and is None without a date.  ``text`` is everything that is searched
    beside the title.
    """

    id: str
    display_id: str
    title: str
    about: str
    publisher: str
    subject: str
    day: int | None
    tier: str
    level: str
    state: str
    verdict: str
    text: str


def entry(record: Record, judged: Judged) -> Entry:
    """Return what the search knows of a paper, as corrected."""
    facts, derived = judged.facts, judged.derived
    verdicts = {rerun.verdict for rerun in derived.reruns}
    return Entry(
        id=judged.id,
        display_id=facts.display_id,
        title=facts.title[:_TITLE],
        about=" ".join(facts.about.split())[:_ABOUT],
        publisher=facts.publisher[:_NAME],
        subject=(record.manifest.subject or "")[:_NAME],
        day=_day(facts.submitted),
        tier=derived.tier.value,
        level=derived.level.value,
        state=derived.state.value,
        verdict=next((name for name in _VERDICTS if name in verdicts), NOT_RUN),
        text="\n".join(_texts(record, judged)),
    )


def _day(submitted: str | None) -> int | None:
    if submitted is None:
        return None
    days = date.fromisoformat(submitted[:10]).toordinal() - _DAY_ZERO
    return days if days >= 0 else None


def _texts(record: Record, judged: Judged) -> Iterator[str]:
    manifest, facts = record.manifest, judged.facts
    for text in (manifest.title, manifest.research_question, manifest.abstract, manifest.subject):
        if text:
            yield text
    yield from (claim.text for claim in manifest.claims or ())
    yield from (*(manifest.limitations or ()), *(manifest.uncertainties or ()))
    yield from (f"{source.identifier} {source.title or ''}" for source in manifest.sources or ())
    yield f"{facts.display_id} {facts.publisher} {judged.id}"
    yield from (f"{finding.code} {finding.slug}" for finding in judged.findings)
    yield from (step.note for step in facts.history)
