"""The four vocabularies that the rules read, as typed values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from colophon import contracts
from colophon.contracts.quality_dimensions import DimensionVocabulary
from colophon.contracts.quality_tiers import EvidenceTierVocabulary, PublisherTierVocabulary
from colophon.contracts.verification_levels import LevelVocabulary


@dataclass(frozen=True, slots=True)
class Vocabularies:
    """Names, order, thresholds and wording of everything that is derived."""

    evidence_tiers: EvidenceTierVocabulary
    publisher_tiers: PublisherTierVocabulary
    levels: LevelVocabulary
    dimensions: DimensionVocabulary


def vocabularies_of(documents: Mapping[str, Mapping[str, Any]]) -> Vocabularies:
    """Return the typed vocabularies from schema-valid documents by contract id.

    Raises KeyError when one is missing.
    """
    read = {name: contracts.read(dict(document)) for name, document in documents.items()}
    return Vocabularies(
        cast(EvidenceTierVocabulary, read["quality-tiers-v2"]),
        cast(PublisherTierVocabulary, read["quality-tiers-v1"]),
        cast(LevelVocabulary, read["verification-levels-v1"]),
        cast(DimensionVocabulary, read["quality-dimensions-v1"]),
    )
