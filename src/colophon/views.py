"""What a page or an export may see.  Plain frozen values: a page never asks the files again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from colophon.contracts.correction_event import instant
from colophon.evidence import InHand
from colophon.fold import Record
from colophon.judgement import Judged
from colophon.model import Rule, Tally
from colophon.reruns import NOTHING_RUN, Reruns
from colophon.rules.standing import tier_as_filed
from colophon.rules.vocabularies import vocabularies_of
from colophon.settings import Settings
from colophon.works import Work

_TAKEN_BACK = ("RETRACTED", "WITHDRAWN")


@dataclass(frozen=True, slots=True)
class Form:
    """One file that a reader may begin: the anchor on the page, what it is about, its place and its text.

    The text is ``begin``, which all forms of a paper have alike, and ``end``.  ``link`` opens the form of the
    forge with the text in it, or is empty.  ``page`` is the file, in the folder of the paper's further pages,
    on which it stands.
    """

    anchor: str
    about: str
    quote: str
    path: str
    begin: str
    end: str
    link: str
    page: str

    @property
    def text(self) -> str:
        """The whole file."""
        return self.begin + self.end


@dataclass(frozen=True, slots=True)
class RecordView:
    """One record for its page.  ``manifest`` is the stored document, ``citations`` are texts by format.

    ``forms`` begin corrections of it, the one for whatever is wrong first; several pages lead to them.
    """

    record: Record
    manifest: dict[str, Any]
    judged: Judged
    settings: Settings
    rules: Mapping[str, Rule]
    citations: Mapping[str, str]
    forms: tuple[Form, ...] = ()


@dataclass(frozen=True, slots=True)
class RegistryView:
    """The whole registry for lists, feeds and overviews, in order of ids.

    ``works`` are the cited source papers of which something is filed, in order of their folders;
    ``in_hand`` says what is held of each, by kind and identifier; ``reruns`` what re-runs say.  A site that
    ``is_slim`` has of each paper a short page and no JSON.
    """

    settings: Settings
    listed: tuple[Judged, ...]
    withheld: tuple[Judged, ...]
    rules: Mapping[str, Rule]
    tallies: Mapping[str, Tally]
    works: tuple[Work, ...] = ()
    in_hand: Mapping[tuple[str, str], InHand | None] = field(default_factory=dict)
    reruns: Reruns = NOTHING_RUN
    is_slim: bool = False

    @property
    def everything(self) -> tuple[Judged, ...]:
        """Listed and withheld records, in order of ids."""
        return tuple(sorted((*self.listed, *self.withheld), key=lambda item: item.id))

    @property
    def announced(self) -> tuple[Judged, ...]:
        """Listed records, and those that were listed until an event took them back, in order of ids.

        Whoever has read of a paper, or searches for it, has to learn that it no longer stands.
        """
        taken = [item for item in self.withheld if item.derived.state.value in _TAKEN_BACK]
        if not taken:
            return self.listed
        tiers = vocabularies_of(self.settings.vocabularies).evidence_tiers
        back = [one for one in taken if tier_as_filed(one.facts, one.findings, tiers) != "WITHHELD"]
        return tuple(sorted((*self.listed, *back), key=lambda item: item.id))


def registry_view(
    settings: Settings,
    judged: tuple[Judged, ...],
    rules: Mapping[str, Rule],
    tallies: Mapping[str, Tally],
    works: tuple[Work, ...] = (),
    in_hand: Mapping[tuple[str, str], InHand | None] | None = None,
    reruns: Reruns = NOTHING_RUN,
    *,
    is_slim: bool = False,
) -> RegistryView:
    """Return the view of a registry with the withheld records set apart."""
    withheld = tuple(item for item in judged if item.derived.tier.value == "WITHHELD")
    listed = tuple(item for item in judged if item.derived.tier.value != "WITHHELD")
    return RegistryView(settings, listed, withheld, rules, tallies, works, in_hand or {}, reruns, is_slim)


def last_change(item: Judged) -> str | None:
    """Return when a record, or what is said of it, last changed: its newest event or decision, or its date.

    A full UTC time; None for a record without a date and without an event.
    """
    dates = [*(step.date for step in item.facts.history), *(one.date for one in item.facts.refusals)]
    newest = max(map(instant, dates), default=item.facts.submitted)
    return instant(newest) if newest else None
