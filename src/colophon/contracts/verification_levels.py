"""verification-levels-v1: levels of claims and of provenance, as vocabulary and as assessment."""

from typing import Any, Self

from pydantic import ModelWrapValidatorHandler, model_validator

from colophon.contracts import Reading, contract


@contract("verification-levels-v1")
class VerificationLevels(Reading):
    """Either shape of verification-levels-v1; reading one gives the class of its shape."""

    contract_version: str
    document: str

    @model_validator(mode="wrap")
    @classmethod
    def _of_its_shape(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Any:
        if cls is not VerificationLevels or not isinstance(value, dict):
            return handler(value)
        is_vocabulary = value.get("document") == "vocabulary"
        shape = LevelVocabulary if is_vocabulary else LevelAssessment
        return shape.model_validate(value, strict=False)


class Level(Reading):
    """One level."""

    name: str
    label: str
    wording: str


class LevelVocabulary(VerificationLevels):
    """Both scales, lowest level first."""

    statement: str
    levels: tuple[Level, ...]
    provenance_levels: tuple[Level, ...]


class LevelAssessment(VerificationLevels):
    """The level of one paper; ``claims_per_level`` is None when the report shows no list of claims."""

    paper: str
    level: str
    reasons: tuple[str, ...]
    claims_per_level: dict[str, int] | None
