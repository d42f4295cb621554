"""What was said of a registry that looks as it did when it was said: it need not be judged again."""

import hashlib
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from colophon import packed, report
from colophon.cache import Cache
from colophon.model import Finding, FindingClass, Severity

_TOLD = "told/"
# The rule about dates that lie after the time of the check: what it says changes while nothing else does.
_OF_THE_DAY = "H101"


@dataclass(frozen=True, slots=True)
class Told:
    """What a check says in words: each finding, the last line, and which classes and severities occur.

    ``look`` and ``now`` are how the registry looked and at what time (ISO, UTC) that was said; without a
    look it is not to be kept.
    """

    look: str
    now: str
    text: str
    summary: str
    kinds: tuple[tuple[FindingClass, Severity], ...]


def told(findings: Sequence[Finding], records: int, root: str, look: str, now: str) -> Told:
    """Return what a check says; ``root`` is put before each path.  What the day changes has no look."""
    kinds = tuple(sorted({(one.finding_class, one.severity) for one in findings}))
    lasting = "" if any(one.code == _OF_THE_DAY for one in findings) else look
    text, summary = report.text(findings, root), report.summary(findings, records, narrowed=False)
    return Told(lasting, now, text, summary, kinds)


def told_before(memory: Path, look: str | None, root: str, now: str) -> Told | None:
    """Return what was said when the registry looked like that, or None when it has to be judged."""
    with closing(Cache(memory)) as cache:
        kept = cache.get([_key(root)])
    known = packed.unpacked(kept[_key(root)], Told) if kept else None
    return known if known is not None and known.look == look and known.now <= now else None


def keep(memory: Path, said: Told, root: str) -> None:
    """Keep what was said, where it lasts."""
    if said.look:
        with closing(Cache(memory)) as cache:
            cache.put({_key(root): packed.packed(said)})


def _key(root: str) -> str:
    return _TOLD + hashlib.sha256(root.encode("utf-8", "surrogateescape")).hexdigest()
