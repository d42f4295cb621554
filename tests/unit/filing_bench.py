"""A record of the fabricated registry, and what people file of it: for tests of what becomes of that."""

from pathlib import Path
from typing import Any

import orjson

from colophon import canon
from colophon.store import OverlayTree, WorkTree

REGISTRY = WorkTree(str(Path(__file__).resolve().parent.parent / "registry"))
PAPER = "c23c1127-b3c9-8fb6-a0ca-a8b5b3365219"
PLACE = f"{PAPER[:2]}/{PAPER}"
FOLDER = f"papers/{PLACE}"


def at(slug: str) -> str:
    """Return the path of an event."""
    return f"{FOLDER}/corrections/{slug}.yaml"


def event(kind: str = "DISPUTE", **more: Any) -> bytes:
    """Return the file of an event; JSON is YAML too."""
    data = {
        "contract_version": "correction-event-v1",
        "paper": PAPER,
        "type": kind,
        "date": "2026-05-01",
        "reporter": "Ada Example",
        "note": "A note.",
        **({} if "reason" in more or "changes" in more else {"reason": "other"}),
        **more,
    }
    return orjson.dumps(data, option=orjson.OPT_INDENT_2)


def change(pointer: str, new: Any, document: str = "manifest", **old: Any) -> dict[str, Any]:
    """Return one change; without ``old`` it adds."""
    return {"document": document, "pointer": pointer, **old, "new": new}


def review(file: str, confirmed: bytes, **more: Any) -> bytes:
    """Return the file of a review."""
    data = {
        "contract_version": "review-v1", "paper": PAPER, "file": file, "sha256": canon.digest(confirmed),
        "reviewer": "Rae Example", "date": "2026-05-02", "looked_at": "The letter.", **more,
    }  # fmt: skip
    return orjson.dumps(data, option=orjson.OPT_INDENT_2)


def refusal(**more: Any) -> bytes:
    """Return the file of a refusal."""
    data = {
        "contract_version": "refusal-v1", "paper": PAPER, "date": "2026-05-03", "decided_by": "Rae Example",
        "reason": "other", "note": "No.", **more,
        "correction": {"type": "DISPUTE", "reporter": "Ada", "note": "?"},
    }  # fmt: skip
    return orjson.dumps(data, option=orjson.OPT_INDENT_2)


def laid(**files: bytes) -> OverlayTree:
    """Return the registry with events by name, reviews by ``review_NAME``, refusals by ``refusal_NAME``.

    An underscore in a name stands for a hyphen.
    """
    placed = []
    for name, raw in files.items():
        kind, _, rest = name.partition("_")
        folder = {"review": f"reviews/{PLACE}", "refusal": f"refusals/{PLACE}"}.get(kind)
        slug = name if folder is None else rest
        placed.append((f"{folder or FOLDER + '/corrections'}/{slug.replace('_', '-')}.yaml", raw))
    return OverlayTree(REGISTRY, tuple(placed))
