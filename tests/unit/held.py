"""Holdings of a source for tests."""

import json
from pathlib import Path
from typing import Any, cast

from colophon import canon, contracts
from colophon.contracts.source_holding import Holding
from colophon.evidence import Held

_SOUND = Path(__file__).parents[1] / "audits" / "sound"
_DIGEST = f"sha256:{'0' * 64}"


def held(day: str = "2026-11-20", **changes: Any) -> Held:
    """A holding of a source: metadata alone, with some fields changed."""
    document = json.loads((_SOUND / "holding.json").read_text()) | {"date": day} | changes
    return Held(f"sources/arxiv/x/{day}-one.json", _DIGEST, cast(Holding, contracts.read(document)))


def text(said: str, kind: str = "full") -> dict[str, Any]:
    """The fields of a holding with a text."""
    digest = canon.digest(said.encode())
    return {
        "holds": kind,
        "text": said,
        "text_sha256": digest,
        "length": len(said),
        "license": {"id": "CC-BY-4.0", "url": None},
    }


def status(day: str, **changes: str | None) -> dict[str, Any]:
    """The field of a holding with a dated status."""
    plain = {"publication": "preprint", "retraction": "none", "latest_version": "v2"}
    return {"status": {"as_of": day, **plain, **changes, "reports": []}}
