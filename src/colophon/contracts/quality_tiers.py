"""quality-tiers-v1 and -v2: the publisher's tiers and the evidence tiers, as vocabulary and as assessment."""

from typing import Any, Self

from pydantic import ModelWrapValidatorHandler, model_validator

from colophon.contracts import Reading, contract


@contract("quality-tiers-v1")
class PublisherTiers(Reading):
    """Either shape of quality-tiers-v1; reading one gives the class of its shape."""

    contract_version: str
    document: str

    @model_validator(mode="wrap")
    @classmethod
    def _of_its_shape(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Any:
        if cls is not PublisherTiers or not isinstance(value, dict):
            return handler(value)
        is_vocabulary = value.get("document") == "vocabulary"
        shape = PublisherTierVocabulary if is_vocabulary else PublisherTierAssessment
        return shape.model_validate(value, strict=False)


class Scale(Reading):
    """The scale on which the score is read."""

    minimum: float
    maximum: float


class PublisherTierRule(Reading):
    """Conditions that must all hold; None is not asked for."""

    score_at_least: float | None = None
    score_below: float | None = None
    score_at_most: float | None = None
    verified_at_least: int | None = None
    reproducibility: str | None = None


class PublisherTier(Reading):
    """One tier of the publisher."""

    name: str
    label: str
    wording: str
    rule: PublisherTierRule


class PublisherTierVocabulary(PublisherTiers):
    """The publisher's tiers with their rules, in the publisher's order."""

    statement: str
    scale: Scale
    tiers: tuple[PublisherTier, ...]


class PublisherTierAssessment(PublisherTiers):
    """The tiers whose rule holds for one paper."""

    paper: str
    stated: str | None
    tiers: tuple[str, ...]
    reasons: tuple[str, ...]


@contract("quality-tiers-v2")
class EvidenceTiers(Reading):
    """Either shape of quality-tiers-v2; reading one gives the class of its shape."""

    contract_version: str
    document: str

    @model_validator(mode="wrap")
    @classmethod
    def _of_its_shape(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Any:
        if cls is not EvidenceTiers or not isinstance(value, dict):
            return handler(value)
        is_vocabulary = value.get("document") == "vocabulary"
        shape = EvidenceTierVocabulary if is_vocabulary else EvidenceTierAssessment
        return shape.model_validate(value, strict=False)


class Fact(Reading):
    """One of the six facts and how it is counted."""

    name: str
    label: str
    rule: str


class Thresholds(Reading):
    """Conditions of an evidence tier that must all hold; None is not asked for."""

    open_conflicts: int | None = None
    grounded_lower_bound: float | None = None
    held_share: float | None = None
    located_share: float | None = None
    relevance: float | None = None
    sources: int | None = None
    largest_share: float | None = None
    warnings: int | None = None
    sample: int | None = None


class EvidenceTier(Reading):
    """One evidence tier."""

    name: str
    label: str
    wording: str
    rule: str
    thresholds: Thresholds


class EvidenceTierVocabulary(EvidenceTiers):
    """The evidence tiers in order; a paper has the first whose rule holds."""

    statement: str
    confidence_level: float
    facts: tuple[Fact, ...]
    tiers: tuple[EvidenceTier, ...]


class CountedFact(Reading):
    """One fact of one paper; None where it is not shown or not assessed."""

    fact: str
    numerator: int | None
    denominator: int | None
    text: str
    rule: str


class EvidenceTierAssessment(EvidenceTiers):
    """The tier of one paper with its reasons."""

    paper: str
    tier: str
    statement: str
    reasons: tuple[str, ...]
    facts: tuple[CountedFact, ...]
