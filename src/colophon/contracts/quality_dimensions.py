"""quality-dimensions-v1: the dimensions D-1 to D-8, as vocabulary and as assessment."""

from typing import Any, Self

from pydantic import ModelWrapValidatorHandler, model_validator

from colophon.contracts import Reading, contract


@contract("quality-dimensions-v1")
class QualityDimensions(Reading):
    """Either shape of quality-dimensions-v1; reading one gives the class of its shape."""

    contract_version: str
    document: str

    @model_validator(mode="wrap")
    @classmethod
    def _of_its_shape(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Any:
        if cls is not QualityDimensions or not isinstance(value, dict):
            return handler(value)
        is_vocabulary = value.get("document") == "vocabulary"
        shape = DimensionVocabulary if is_vocabulary else DimensionAssessment
        return shape.model_validate(value, strict=False)


class DimensionLevel(Reading):
    """One level of a dimension."""

    name: str
    label: str
    wording: str


class Dimension(Reading):
    """One dimension.  ``rule`` is ``none``, ``planned`` or ``written``."""

    id: str
    name: str
    label: str
    wording: str
    rule: str


class DimensionVocabulary(QualityDimensions):
    """The dimensions in order, with their levels."""

    statement: str
    levels: tuple[DimensionLevel, ...]
    dimensions: tuple[Dimension, ...]


class AssessedDimension(Reading):
    """One dimension of one paper."""

    level: str
    basis: str
    inputs: tuple[str, ...]


class DimensionAssessment(QualityDimensions):
    """The dimensions of one paper by id."""

    paper: str
    dimensions: dict[str, AssessedDimension]
