"""The scores that papers and works state, as short lines: what the pages about benchmarks are made of.

Only a score whose model and dataset are both named has a place there.  A line is compact JSON, so that the
lines of a whole registry fit into memory; it is read when its page is written.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

import orjson

from colophon.contracts.paper_manifest import Claim, Manifest
from colophon.contracts.work_manifest import WorkScore
from colophon.scores import KEYS, Score
from colophon.scores.names import Name
from colophon.scores.reading import scores
from colophon.works import Work

PAPER, WORK = "paper", "work"
# What one record may bring, and how long a text may be that is read for scores or becomes a part of a row.
_MOST_ROWS, _MOST_CLAIMS = 500, 4_000
_LONGEST_CLAIM, _LONGEST_KEY, _LONGEST_VALUE, _LONGEST_LINE = 10_000, 300, 200, 2_000
_BETWEEN = re.compile(r"[\s_-]+")


@dataclass(frozen=True, slots=True)
class Row:
    """One score and who states it.

    ``owner`` is ``paper`` or ``work``, ``owner_id`` the full id of a record, or kind and identifier of a
    work.  ``model`` is the name with its version, as the owner writes it, and so is ``dataset``.  ``source``
    and ``locator`` are what the claim names, or None.
    """

    owner: str
    owner_id: str
    model: str
    dataset: str
    score: Score
    source: str | None
    locator: str | None


def folded(name: str) -> str:
    """Return a name in one spelling: ``LLaVA 1.5`` and ``llava-1.5`` are one model."""
    return _BETWEEN.sub("-", name.casefold()).strip("-")


def placed(score: Score | WorkScore) -> tuple[str, str] | None:
    """Return a score's model and dataset as written, None if it lacks one; blanks and dashes name nothing."""
    model, dataset = score.model, score.dataset
    return (model, dataset) if model and dataset and folded(model) and folded(dataset) else None


def of_record(manifest: Manifest) -> tuple[bytes, ...]:
    """Return the packed rows of a record's claims, those of struck claims left out."""
    named = {one.id: f"{one.kind} {one.identifier}" for one in manifest.sources or ()}
    claims = [one for one in manifest.claims or () if not one.struck and len(one.text) <= _LONGEST_CLAIM]
    rows = (row for claim in claims[:_MOST_CLAIMS] for row in _of_claim(manifest.id, claim, named))
    return tuple(packed(row) for row in islice(rows, _MOST_ROWS))


def _of_claim(record: str, claim: Claim, named: dict[str, str]) -> Iterator[Row]:
    sources = [named[one] for one in claim.sources or () if one in named]
    source = _line(", ".join(sources))
    for score in scores(claim.text, claim.id):
        place = placed(score)
        if place is not None and _fits(score):
            model, dataset = place
            name = f"{model}-{score.version}" if score.version else model
            yield Row(PAPER, record, name, dataset, score, source, _line(claim.locator))


def of_work(work: Work) -> Iterator[Row]:
    """Yield the rows of a work's claims, those of struck claims left out."""
    owner = f"{work.kind} {work.identifier}"
    for filed in work.claims:
        if not filed.is_struck:
            for one in filed.claim.scores:
                place = placed(one)
                if place is not None:
                    score = of_work_score(one, filed.claim.id)
                    yield Row(WORK, owner, *place, score, None, filed.claim.locator)


def of_work_score(one: WorkScore, claim: str) -> Score:
    """Return a score of a work; the version of its model is read from the name."""
    name = Name(one.model or "", 0, 0, "model")
    stated = (one.size, one.dataset, one.split, one.metric, one.shots, one.tools, one.harness, one.precision)
    value = Decimal(str(one.value.value))
    return Score(name.bare or one.model, name.version, *stated, value, one.value.text, one.value.unit, claim)


def packed(row: Row) -> bytes:
    """Return a row as one line of JSON."""
    score = row.score
    keys = [getattr(score, key) for key in KEYS]
    value = [str(score.value), score.value_text, score.unit, score.claim_id]
    return orjson.dumps([row.owner, row.owner_id, row.model, keys, value, row.source, row.locator])


def unpacked(line: bytes) -> Row:
    """Return the row that a line holds."""
    owner, owner_id, model, keys, (value, text, unit, claim), source, locator = orjson.loads(line)
    stated = dict(zip(KEYS, keys, strict=True))
    score = Score(**stated, value=Decimal(value), value_text=text, unit=unit, claim_id=claim)
    return Row(owner, owner_id, model, stated["dataset"], score, source, locator)


def _fits(score: Score) -> bool:
    """Whether no name runs on, for then it is none, and the value is a number that JSON can hold."""
    is_short = all(len(getattr(score, key) or "") <= _LONGEST_KEY for key in KEYS)
    return is_short and len(score.value_text) <= _LONGEST_VALUE and math.isfinite(float(score.value))


def _line(text: str | None) -> str | None:
    """Return a text as one line that fits its field; None for none, or one that is too long to be a place."""
    line = " ".join((text or "").split())
    return line if line and len(line) <= _LONGEST_LINE else None
