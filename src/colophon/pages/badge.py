"""papers/<id>.svg: the tier of a paper as a small picture for other sites.  No script, no outside part."""

from collections.abc import Iterator

from colophon.judgement import Judged
from colophon.model import Artifact
from colophon.pages import Output, _log, record_page, render
from colophon.pages._words import because, named
from colophon.views import RecordView

# Dark enough for white text (contrast above 7 to 1) and the same hues as the badges of the pages.
_COLOURS = {
    "WITHHELD": "#57534d",
    "UNSAFE": "#8f2416",
    "GROUNDED": "#17498a",
    "MOSTLY_GROUNDED": "#24578a",
    "LOCATED": "#4b4782",
    "UNCHECKED": "#664b03",
}
_ALONE, _TAKEN_BACK = ("RETRACTED", "WITHDRAWN"), "#8f2416"
_LEFT = "colophon"
# Widths of Verdana-like letters at 11 px, rounded up; textLength then fits the text to its place.
_NARROW, _WIDE = 6.4, 8.3


@record_page("badge")
def badge(view: RecordView) -> Iterator[Output]:
    """Yield the badge of one paper.

    A state other than CURRENT stands in it too; a retraction or withdrawal is all that it says.
    """
    tier, state = view.judged.derived.tier.value, view.judged.derived.state.value
    label = named(view.settings.vocabularies["quality-tiers-v2"], "tiers", tier)["label"].upper()
    words = state if state in _ALONE else label if state == "CURRENT" else f"{label}, {state}"
    text = render(
        "badge.svg.html",
        **_measures(words),
        colour=_TAKEN_BACK if state in _ALONE else _COLOURS.get(tier, "#57534d"),
        words=words,
        because=_why(view.judged),
    )
    yield Artifact(f"papers/{view.record.id}.svg", "image/svg+xml", text.encode())


def _why(judged: Judged) -> str:
    """Return when a paper was taken back, else why it has its tier."""
    stands = _log.standing(judged)
    if stands is not None and stands.state in _ALONE and stands.day:
        return f"on {stands.day_text}"
    return because(judged.derived, judged.findings)


def _measures(words: str) -> dict[str, float | str]:
    """Return the texts' widths and places in pixels."""
    left, right = round(len(_LEFT) * _NARROW), round(len(words) * _WIDE)
    return {
        "name": _LEFT,
        "name_width": left,
        "words_width": right,
        "split": left + 16,
        "words_at": left + 24,
        "width": left + right + 32,
    }
