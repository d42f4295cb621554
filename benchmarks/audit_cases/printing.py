"""One report while it is being printed, and how its publisher prints scores and confidences."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from audit_cases.drawing import Draw
from audit_cases.study import Slots, Study


@dataclass
class Printing:
    """One report while it is being printed."""

    draw: Draw
    style: dict[str, Any]
    study: Study
    slots: Slots
    marks: list[bool]
    days: dict[str, date]
    limits: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Word one thing as this publisher does."""
        return self.draw.one(self.style[name], self.slots)


def percentage(draw: Draw, style: dict[str, Any], value: int) -> str:
    """Return hundredths as this publisher prints confidences."""
    return (
        draw.choice([f"{value}%", f"{value} %"]) if style["confidence"] == "percent" else f"{value / 100:.2f}"
    )


def hundredths(text: str) -> int:
    """Read "0.90" or "90 %"."""
    return int(text.rstrip(" %")) if "%" in text else round(float(text) * 100)


def out_of_ten(style: dict[str, Any], value: float) -> float:
    """Return a score of this publisher on a scale from 0 to 10."""
    return value * 10 / float(style["score"]["greatest"])
