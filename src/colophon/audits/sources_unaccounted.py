"""C102: papers that are counted and not listed, and references that nothing uses."""

from collections.abc import Iterator
from itertools import chain, combinations

from colophon.audits import audit
from colophon.audits._papers import Papers, papers
from colophon.audits._works import work
from colophon.contracts.paper_manifest import Manifest
from colophon.fold import Record
from colophon.model import Examination, Flaw, Severity

# Dropped papers are told in a few numbers; the sums of more are not tried.
_MOST_DROPPED = 10


@audit("C102", severity=Severity.WARNING)
def sources_unaccounted(record: Record) -> Examination:
    """What: The papers that a report says it retrieved must be the references that it lists, unless its
    text says what became of the others: how many were excluded, or how many were used. Where one text says
    how many papers were found, excluded and used, the numbers must add up. Where claims name their sources,
    each reference is named by a claim and each claim names one.

    Why: "12 papers retrieved" over a list of three leaves the reader to guess whether nine were read,
    dropped or never opened. A reference that no claim names decorates the list.

    Example: A report states "12 papers retrieved" and lists 3 references. Of the other nine it says
    nothing.

    Mend: The publisher can list all papers, or say how many were excluded and why. If a number or a
    reference was copied wrongly into the record, file a correction with the reason `transcription`. It is
    shown beside the record, and the finding stays.
    """
    stated = papers(record)
    parts = (_listed(record.manifest, stated), _flows(record.manifest, stated), _links(record.manifest))
    return Examination(
        sum(part.recognised for part in parts),
        sum(part.checked for part in parts),
        tuple(chain.from_iterable(part.flaws for part in parts)),
    )


def _listed(manifest: Manifest, stated: tuple[Papers, ...]) -> Examination:
    """Compare the number of papers retrieved with the list of references."""
    retrieved = manifest.stated.papers_retrieved
    if retrieved is None:
        return Examination()
    if manifest.sources is None:
        return Examination(recognised=1)
    listed = len(manifest.sources)
    counted = [one.value for one in manifest.stated.counts if one.count == "papers_retrieved"]
    counted = [retrieved, *(value for value in counted if value != retrieved)]
    told = {one.value for one in stated if one.step == "kept" and _is_of(one, stated, counted)}
    dropped = [one.value for one in stated if one.step == "dropped"]
    fitting = {*told, *counted, sum(counted), *chain.from_iterable(_left(one, dropped) for one in counted)}
    if fitting & {listed, len({work(source) for source in manifest.sources})}:
        return Examination(1, 1)
    noun = "reference" if listed == 1 else "references"
    message = f"states {retrieved} papers retrieved, lists {listed} {noun}, and nothing accounts for the rest"
    return Examination(1, 1, (Flaw("/stated/papers_retrieved", message),))


def _is_of(kept: Papers, stated: tuple[Papers, ...], counted: list[int]) -> bool:
    """Whether the text that tells how many papers were kept also tells of how many, or how many were not."""
    beside = [one for one in stated if (one.document, one.pointer) == (kept.document, kept.pointer)]
    return any(
        one.step == "dropped" or (one is not kept and one.value != kept.value and one.value in counted)
        for one in beside
    )


def _flows(manifest: Manifest, stated: tuple[Papers, ...]) -> Examination:
    """Add up each text that tells how many papers were found, dropped and kept."""
    recognised = 0
    flaws = []
    own = {manifest.stated.papers_retrieved, len(manifest.sources or ())} - {None, 0}
    for document, pointer in dict.fromkeys((one.document, one.pointer) for one in stated):
        steps = {
            step: [o.value for o in stated if (o.document, o.pointer, o.step) == (document, pointer, step)]
            for step in ("found", "screened", "dropped", "kept")
        }
        found, dropped, kept = steps["found"], steps["dropped"], steps["kept"]
        begun = {*found, *steps["screened"], sum(found)} - {0}
        if not (begun and dropped and kept) or len(dropped) > _MOST_DROPPED:
            continue
        if pointer == "/abstract" and not own & {*found, *kept}:
            # An abstract also tells how other reviews found theirs.
            continue
        recognised += 1
        if not any(set(_left(one, dropped)) & {*kept, sum(kept)} for one in begun):
            told = (
                f"found {_words(found or steps['screened'])}, dropped {_words(dropped)}, kept {_words(kept)}"
            )
            flaws.append(Flaw(pointer, f"papers do not add up: {told}", document))
    return Examination(recognised, recognised, tuple(flaws))


def _left(found: int, dropped: list[int]) -> Iterator[int]:
    """Yield what may be left: a number of dropped papers may be a part of another one."""
    few = dropped[:_MOST_DROPPED]
    for size in range(1, len(few) + 1):
        for some in combinations(few, size):
            yield found - sum(some)


def _words(numbers: list[int]) -> str:
    return " and ".join(map(str, dict.fromkeys(numbers)))


def _links(manifest: Manifest) -> Examination:
    """Look for references without a claim and claims without a reference, where any claim names one."""
    claims, sources = manifest.claims or (), manifest.sources or ()
    named = {name for claim in claims for name in claim.sources or ()}
    if not named or not sources:
        return Examination()
    linked = sum(bool(claim.sources) for claim in claims)
    flaws = [
        Flaw(f"/sources/{place}", f"no claim names {source.id}, {source.identifier[:80]}")
        for place, source in enumerate(sources)
        if source.id not in named
    ]
    flaws += [
        Flaw(f"/claims/{place}", f"names no source, {linked} other claims do")
        for place, claim in enumerate(claims)
        if not claim.sources
    ]
    return Examination(len(claims) + len(sources), len(claims) + len(sources), tuple(flaws))
