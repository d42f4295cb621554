"""The groundings of one record as a document: every claim looked up in every text that is held.

The same record and the same texts give the same bytes, so a stored grounding is checked by making it again.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from colophon import canon, layout, schema
from colophon.contracts.paper_manifest import Claim, Manifest
from colophon.contracts.source_holding import HeldTable
from colophon.evidence import Held
from colophon.fingerprint import Fingerprint, Worded, longest_run, of_stored
from colophon.grounding.calibration import measured
from colophon.grounding.comparison import Match
from colophon.grounding.library import Library
from colophon.grounding.source import Source
from colophon.grounding.tables import Table
from colophon.grounding.verdicts import ABOUT, CLOSE, FLOORS, METHOD, Grounding, Span
from colophon.language import weights
from colophon.proportions import wilson_interval

CONTRACT = "claim-grounding-v1"
# What is held of each source, by the source's id in the record.
Sources = Iterable[tuple[str, Sequence[Held]]]
_AROUND = 32
_DIGITS = 4
_LONGEST_QUOTE = 20_000
# Characters of a word or a number, and of the rule; words and numbers of one claim.
_LONGEST_WORD, _LONGEST_RULE, _MOST = 200, 1000, 1000


@dataclass(frozen=True)
class Text:
    """One text or table of a source of the record, or the fingerprint of one.

    ``name`` tells it from all others of the record; ``file`` is the holding's path, empty for a text that is
    read here and not stored.
    """

    name: str
    source: str
    kind: str
    table: str | None
    file: str
    file_sha256: str
    text_sha256: str
    length: int
    content: str | HeldTable | Fingerprint

    @cached_property
    def looked_up(self) -> Source | Table | None:
        """What claims are looked up in; None for a fingerprint."""
        if isinstance(self.content, str):
            return Source(self.name, "abstract" if self.kind == "abstract" else "full", self.content)
        if isinstance(self.content, HeldTable):
            held = self.content
            return Table(self.name, f"{held.label} {held.caption}", held.columns, held.rows)
        return None


def method() -> dict[str, Any]:
    """Return what names the method: its version, the digest of its word weights, its thresholds."""
    floors = {f"floor_{kind}": value for kind, value in FLOORS.items()}
    return {
        "id": METHOD,
        "word_weights": weights.table()[2],
        "parameters": dict(sorted({**floors, "about": ABOUT, "close": CLOSE}.items())),
    }


def texts_of(manifest: Manifest, held: Sources) -> tuple[Text, ...]:
    """Return every text, table and fingerprint in which the claims of a record are looked up, in order.

    Of a source of which the cited version is held, other versions are left out.
    """
    cited = {source.id: source for source in manifest.sources or ()}
    fitting: list[tuple[str, Sequence[Held]]] = []
    for source_id, holdings in held:
        version = layout.version_of(cited[source_id].kind, cited[source_id].identifier)
        of_version = [one for one in holdings if one.holding.version in (version, None) or version is None]
        fitting.append((source_id, of_version or holdings))
    return texts(fitting)


def texts(held: Sources) -> tuple[Text, ...]:
    """Return everything that is held, of whichever version."""
    return tuple(text for source, holdings in held for one in holdings for text in _of_holding(source, one))


def _of_holding(source: str, held: Held) -> Iterator[Text]:
    holding, file = held.holding, (held.path, held.sha256)
    name = f"{source} {held.path}"
    digest, length = holding.text_sha256 or "", holding.length or 0
    if holding.text is not None:
        yield Text(name, source, holding.holds, None, *file, digest, length, holding.text)
    elif holding.fingerprint is not None:
        yield Text(name, source, "fingerprint", None, *file, digest, length, of_stored(holding.fingerprint))
    for table in holding.tables or ():
        cells = [*table.columns, *(cell for row in table.rows for cell in row)]
        digest = canon.digest(canon.dumps(table.model_dump()))
        size = sum(map(len, cells))
        yield Text(f"{name} {table.label}", source, "table", table.label, *file, digest, size, table)


def looked_at(texts: Iterable[Text]) -> list[dict[str, Any]]:
    """Return what names the texts that were looked at."""
    return [
        {
            "source": one.source, "kind": one.kind, "table": one.table, "file": one.file or None,
            "file_sha256": one.file_sha256 or None, "text_sha256": one.text_sha256, "length": one.length,
        }
        for one in texts
    ]  # fmt: skip


def document(
    manifest: Manifest, manifest_sha256: str, texts: Sequence[Text], reported_by: str | None = None
) -> dict[str, Any]:
    """Return the claim-grounding-v1 of a record; ``manifest`` is the one as filed.

    ``reported_by`` names who reads texts that are not stored; nothing of what they say is repeated then.
    """
    looking = _Looking(texts, [source.id for source in manifest.sources or ()])
    cut = set(manifest.truncated)
    claims = [
        looking.claim(claim, f"/claims/{at}/text" in cut) for at, claim in enumerate(manifest.claims or ())
    ]
    made = {
        "contract_version": CONTRACT,
        "paper": manifest.id,
        "manifest_sha256": manifest_sha256,
        "method": method(),
        "reported_by": reported_by,
        "texts": looked_at(texts),
        "claims": claims,
    }
    ordered: dict[str, Any] = schema.ordered(CONTRACT, made)
    return ordered


class _Looking:
    """The texts of a record, opened once for all of its claims."""

    def __init__(self, texts: Sequence[Text], sources: Sequence[str]) -> None:
        self._texts = {text.name: text for text in texts}
        self._sources = sources
        self._whole = {text.source for text in texts if text.kind == "full"}
        readable = [text.looked_up for text in texts]
        self._library = Library(one for one in readable if one is not None)
        self._prints = [text.content for text in texts if isinstance(text.content, Fingerprint)]
        self._is_stored = all(text.file for text in texts)

    def claim(self, claim: Claim, is_cut: bool) -> dict[str, Any]:
        found = (
            Grounding(None, "the claim is cut: the manifest lists it as cut")
            if is_cut
            else self._library.ground(claim.text, self._names(claim), self._unread(claim))
        )
        deciding = found.deciding
        return {
            "claim": claim.id,
            "text_sha256": canon.digest(claim.text.encode()),
            "verdict": found.verdict,
            "rule": _line(found.rule, _LONGEST_RULE),
            "parts": len(found.parts) or int(found.verdict is not None),
            "spans": [self._span(span) for span in deciding],
            "runners_up": [self._span(span) for span in found.spans if span not in deciding],
            "numbers": [self._number(one) for one in found.numbers[:_MOST]],
            "signals": self._signals(found, claim),
            "calibration": self._calibration(found),
        }

    def _unread(self, claim: Claim) -> list[str]:
        """Return the sources of a claim, or all where it names none, of which no full text is held."""
        return [one for one in claim.sources or self._sources if one not in self._whole]

    def _names(self, claim: Claim) -> list[str]:
        """Return the names of the texts of the sources that a claim names, or of all where it names none."""
        return [
            name for name, text in self._texts.items()
            if claim.sources is None or text.source in claim.sources
        ]  # fmt: skip

    def _span(self, span: Span) -> dict[str, Any]:
        text = self._texts[span.source]
        body = text.content if isinstance(text.content, str) else None
        is_stored = bool(text.file)
        before = body[max(0, span.start - _AROUND) : span.start] if body is not None else None
        behind = body[span.end : span.end + _AROUND] if body is not None else None
        return {
            "source": text.source,
            "kind": text.kind,
            "table": text.table,
            "row": span.row,
            "column": span.column,
            "text_sha256": text.text_sha256,
            "start": span.start,
            "end": span.end,
            "prefix": before if is_stored else None,
            "quote": span.quote[:_LONGEST_QUOTE] if is_stored else None,
            "suffix": behind if is_stored else None,
        }

    def _number(self, one: Match) -> dict[str, Any]:
        return {
            "text": _line(one.claimed.text),
            "value": f"{one.claimed.value.normalize():f}"[:100],
            "unit": _line(one.claimed.unit, 40) or None,
            "rule": one.rule or "absent",
            "found": (_line(one.found) or None) if self._is_stored else None,
        }

    def _signals(self, found: Grounding, claim: Claim) -> dict[str, Any]:
        signals = found.signals
        other = signals.get("wrong_source")
        return {
            "coverage": _rounded(signals.get("coverage")),
            "window": _rounded(signals.get("window")),
            "number_conflict": signals.get("number_conflict"),
            "negation": signals.get("negation"),
            "direction": signals.get("direction"),
            "opposites": signals.get("opposites", [])[:_MOST],
            "absolutes": _words(signals.get("absolutes", [])),
            "names_absent": _words(signals.get("names_absent", [])),
            "names_nowhere": _words(signals.get("names_nowhere", [])),
            "wrong_source": self._texts[other].source if other is not None else None,
            "fingerprint_run": self._run(claim),
        }

    def _run(self, claim: Claim) -> int | None:
        """Return the most words of a claim that stand in a row in a text held as fingerprint."""
        if not self._prints:
            return None
        worded = Worded(claim.text)
        runs = [longest_run(worded, one) for one in self._prints]
        return max(run.words if run is not None else 0 for run in runs)

    def _calibration(self, found: Grounding) -> dict[str, Any] | None:
        kinds = [self._texts[span.source].kind for span in found.deciding] or [
            text.kind for text in self._texts.values() if text.kind == "abstract"
        ]
        counted = measured(found.verdict, kinds[0]) if kinds else None
        if counted is None:
            return None
        low, high = wilson_interval(counted.supported, counted.claims)
        return {
            "set": counted.set, "claims": counted.claims, "supported": counted.supported,
            "low": round(low, _DIGITS), "high": round(high, _DIGITS),
        }  # fmt: skip


def _line(text: str, longest: int = _LONGEST_WORD) -> str:
    return " ".join(text.split())[:longest]


def _words(words: Sequence[str]) -> list[str]:
    return [_line(word) for word in words[:_MOST]]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)
