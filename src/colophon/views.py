"""What a page or an export may see.  Plain frozen values: a page never asks the files again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from colophon.fold import Record
from colophon.judgement import Judged
from colophon.model import Rule, Tally
from colophon.settings import Settings


@dataclass(frozen=True, slots=True)
class RecordView:
    """One record for its page.  ``manifest`` is the stored document, ``citations`` are texts by format."""

    record: Record
    manifest: dict[str, Any]
    judged: Judged
    settings: Settings
    rules: Mapping[str, Rule]
    citations: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RegistryView:
    """The whole registry for lists, feeds and overviews, in order of ids."""

    settings: Settings
    listed: tuple[Judged, ...]
    withheld: tuple[Judged, ...]
    rules: Mapping[str, Rule]
    tallies: Mapping[str, Tally]

    @property
    def everything(self) -> tuple[Judged, ...]:
        """Listed and withheld records, in order of ids."""
        return tuple(sorted((*self.listed, *self.withheld), key=lambda item: item.id))


def registry_view(
    settings: Settings, judged: tuple[Judged, ...], rules: Mapping[str, Rule], tallies: Mapping[str, Tally]
) -> RegistryView:
    """Return the view of a registry with the withheld records set apart."""
    withheld = tuple(item for item in judged if item.derived.tier.value == "WITHHELD")
    listed = tuple(item for item in judged if item.derived.tier.value != "WITHHELD")
    return RegistryView(settings, listed, withheld, rules, tallies)
