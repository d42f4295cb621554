"""B104: a synthesis of one source."""

from collections import Counter
from collections.abc import Sequence

from colophon.audits import audit
from colophon.audits._works import work
from colophon.contracts.paper_manifest import Claim, Source
from colophon.fold import Record
from colophon.model import Examination, Flaw, Severity

_FEWEST_SOURCES = 3
_LARGEST_SHARE = 0.8
# Fewer claims than this cannot show where a report leans.
_FEWEST_CLAIMS = 4


@audit("B104", severity=Severity.WARNING)
def one_source_synthesis(record: Record) -> Examination:
    """What: A synthesis needs at least three different sources. Versions and addresses of one paper are one
    source. Where claims name their sources, no source may alone carry 80% or more of them. Claims that name
    several sources are carried by none alone, and fewer than four claims show nothing.

    Why: What one paper says is not what the literature says. A list of three papers of which one was used
    looks broader than it is.

    Example: A report lists four sources. Of 10 claims that name one, 9 name the first.

    Mend: The publisher can draw on further sources, or say that the report is a summary of one paper. If
    sources were lost when the report was read here, file a correction with the reason `transcription`. It
    is shown beside the record, and the finding stays.
    """
    sources = record.manifest.sources
    if sources is None:
        return Examination()
    works = {source.id: work(source) for source in sources}
    different = len(set(works.values()))
    if different < _FEWEST_SOURCES:
        of_listed = f", {len(sources)} entries" if len(sources) != different else ""
        noun = "source" if different == 1 else "sources"
        flaw = Flaw("/sources", f"lists {different} different {noun}{of_listed}; a synthesis needs 3")
        return Examination(1, 1, (flaw,))
    return Examination(1, 1, _leaning(record.manifest.claims or (), sources, works))


def _leaning(claims: Sequence[Claim], sources: Sequence[Source], works: dict[str, str]) -> tuple[Flaw, ...]:
    """Return the flaw of a source that alone carries nearly all claims that name one."""
    named = [{works[name] for name in claim.sources or () if name in works} for claim in claims]
    named = [one for one in named if one]
    alone = Counter(next(iter(one)) for one in named if len(one) == 1)
    if len(named) < _FEWEST_CLAIMS or not alone:
        return ()
    largest, carried = min(alone.items(), key=lambda item: (-item[1], item[0]))
    if carried < _LARGEST_SHARE * len(named):
        return ()
    at = next(place for place, source in enumerate(sources) if works[source.id] == largest)
    listed = len(set(works.values()))
    message = f"{sources[at].id} alone carries {carried} of {len(named)} claims, {listed} sources are listed"
    return (Flaw(f"/sources/{at}", message),)
