"""The review panel as stated, and what its own written rule asks for."""

from collections.abc import Iterator
from typing import Any

from colophon.pages._record_facts import fact
from colophon.rules.score import Score
from colophon.views import RecordView

_LINE = 160


def panel_rows(view: RecordView) -> list[dict[str, Any]]:
    """Return what is recorded of the panel; nothing where the report shows none."""
    panel = view.record.provenance.panel
    if panel is None:
        return []
    stated = view.record.manifest.stated
    rows = [
        ("Panel", panel.name),
        ("Roles", ", ".join(panel.roles) if panel.roles else None),
        ("Score", stated.review_score.text if stated.review_score else None),
        ("Decision", stated.decision),
        ("Revision rounds", None if stated.revision_rounds is None else str(stated.revision_rounds)),
        ("Revises below", panel.revise_below.text if panel.revise_below else None),
    ]
    shown = [fact(label, text, limit=_LINE) for label, text in rows if text]
    shown.append(fact("Models and prompts", "not stated", ours=True))
    return shown + list(_by_its_rule(view))


def _by_its_rule(view: RecordView) -> Iterator[dict[str, Any]]:
    """Yield what the panel's own rule asks for at the stated score."""
    panel, stated = view.record.provenance.panel, view.record.manifest.stated
    if panel is None or panel.revise_below is None or stated.review_score is None:
        return
    score, least = Score.read(stated.review_score.text), Score.read(panel.revise_below.text)
    if score is None or least is None or least.out_of not in (None, score.out_of):
        return
    asks = "asks for a revision" if score.value < least.value else "asks for no revision"
    said = f"at {stated.review_score.text} the rule {asks}"
    rounds = (
        "no number of rounds is stated"
        if stated.revision_rounds is None
        else (f"{stated.revision_rounds} rounds are stated")
    )
    yield fact("By its own rule", f"{said}; {rounds}", limit=_LINE, ours=True)
