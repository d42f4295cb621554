"""B105: a source that comes from the publisher of the report."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from colophon.audits import audit
from colophon.audits._statements import quoted
from colophon.audits._works import host
from colophon.contracts.paper_manifest import Source
from colophon.fold import Record
from colophon.index import own_doi
from colophon.model import Examination, Flaw, Severity

# Hosts where many publish: there the first part of the path says who.
_OF_MANY = re.compile(
    r"(?:^|\.)(?:github|gitlab|huggingface|medium|substack|arxiv|doi|zenodo|figshare|osf|readthedocs"
    r"|google|notion"
    r"|researchgate|openreview|wordpress|blogspot|codeberg|bitbucket|archive|hal|ssrn|kaggle|youtube"
    r"|linkedin|x|twitter|facebook)\.[a-z.]{2,6}$"
)
# A work on the publisher is not by it.
_ON_IT = re.compile(
    r"\b(?:of|on|about|against|with|versus|vs|beyond|for|at|in|audits?|auditing|evaluating|assessing"
    r"|examining|comparing|benchmarking|and|or)\W*$",
    re.IGNORECASE,
)
# Characters before a name in which the word "about" may stand.
_FAR = 24
Sign = tuple[str, str, str]
_WORD = r"(?<![\w-]){}(?![\w-])"


@audit("B105", severity=Severity.WARNING)
def circular_source(record: Record) -> Examination:
    """What: A source of a report should not come from the report's own publisher. Looked for are, in the
    identifier, the address and the title of each source: the host of the publisher's address, its name, an
    identifier in the form of its own reports (`SRCH:` and eight digits), and the report's own id, DOI and
    address, or those of the report that it supersedes. A work about the publisher is not meant.

    Why: A report that cites its own publisher's reports counts one voice twice. What looks like agreement
    between sources is an echo.

    Example: A report by "Assignee Research" cites three papers and SRCH:1B2C3D4E, "Assignee Research:
    Routing of Experts". The fourth is the publisher's own.

    Mend: The publisher can cite the works that its earlier report rests on. If the source was copied
    wrongly into the record, file a correction with the reason `transcription`. It is shown beside the
    record, and the finding stays.
    """
    sources = record.manifest.sources or ()
    signs = _signs(record)
    flaws = []
    for place, source in enumerate(sources):
        reason = next(_reasons(record, source, signs), None)
        if reason is not None:
            flaws.append(Flaw(f"/sources/{place}", f"{source.id} {quoted(source.identifier)} {reason}"))
    return Examination(len(sources), len(sources), tuple(flaws))


def _signs(record: Record) -> list[Sign]:
    """Return what only the publisher's own works carry: a text, the pattern around it, and what it says."""
    manifest = record.manifest
    prefix = manifest.display_id.partition(":")[0]
    found = [(record.id, "", "is the report itself")]
    doi = own_doi(record)
    if doi is not None:
        found.append((doi, "", "is the report's own DOI"))
    if manifest.supersedes is not None:
        found.append((manifest.supersedes, "", "is the report that this one supersedes"))
    found.append((prefix, r"[:_ ]\s?[0-9A-F]{8}", "has the form of the publisher's own report ids"))
    return [(text.casefold(), _WORD.format(re.escape(text) + more), says) for text, more, says in found]


def _reasons(record: Record, source: Source, signs: list[Sign]) -> Iterator[str]:
    text = " ".join(filter(None, (source.identifier, source.url, source.title)))
    folded = text.casefold()
    yield from (
        says for part, pattern, says in signs if part in folded and re.search(pattern, text, re.IGNORECASE)
    )
    address = source.url or (source.identifier if source.kind == "url" else None)
    own = [artifact.url for artifact in record.manifest.artifacts or () if artifact.url]
    if address is not None and address in own:
        yield "is an address of the report itself"
    publisher = record.manifest.publisher
    if _is_at(publisher.url, address):
        yield f"is on the publisher's own site, {host(publisher.url)}"
    if _is_by(publisher.name, source):
        yield f"names the publisher, {quoted(publisher.name)}"


def _is_at(publisher: str | None, address: str | None) -> bool:
    """Whether an address is on the publisher's site; on a host of many, in the publisher's folder."""
    own, other = host(publisher), host(address)
    if not own or not (other == own or other.endswith(f".{own}")):
        return False
    if not _OF_MANY.search(own):
        return True
    account = urlsplit(publisher or "").path.strip("/").split("/")[0]
    return bool(account) and urlsplit(address or "").path.strip("/").split("/")[0] == account


def _is_by(name: str, source: Source) -> bool:
    """Whether a title or a reference in words names the publisher as its maker.

    Only as the publisher writes it, and only a name of two words or more: others are words of titles too.
    """
    if len(name.split()) < 2:
        return False
    pattern = re.compile(_WORD.format(re.escape(name)))
    texts = (source.title or "", source.identifier if source.kind == "other" else "")
    found = (match for text in texts for match in pattern.finditer(text))
    return any(
        not _ON_IT.search(match.string[max(0, match.start() - _FAR) : match.start()]) for match in found
    )
