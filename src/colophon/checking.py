"""A claim-check as a person, or a model, files it: which claims are drawn, and the text of the file."""

from collections.abc import Sequence
from dataclasses import dataclass

from colophon import layout, yaml_text
from colophon.errors import UsageError
from colophon.sampling import drawn_order
from colophon.yaml_text import Tree

CONTRACT = "claim-check-v1"


@dataclass(frozen=True, slots=True)
class Model:
    """The model that judges; ``precision`` says how often it was right, and on which set."""

    id: str
    sha256: str
    precision: str


@dataclass(frozen=True, slots=True)
class Checker:
    """Who judges; ``is_independent`` says that it is neither the publisher nor its generator."""

    name: str
    is_independent: bool
    model: Model | None = None


@dataclass(frozen=True, slots=True)
class Draw:
    """Which claims are judged, in order, and how they were drawn: ``random``, ``all`` or ``chosen``."""

    how: str
    of: int
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What a person says of one claim; what is not said is empty."""

    claim: str
    verdict: str
    error: str
    source: str = ""
    locator: str = ""
    quote: str = ""
    note: str = ""


def draw(
    claims: Sequence[str], manifest_sha256: str, day: str, chosen: Sequence[str], number: int | None
) -> Draw:
    """Return the claims that are judged: those ``chosen``, else ``number`` at random, else all.

    Raises UsageError when a chosen claim is none of the record's, or there is none at all.
    """
    if not claims:
        raise UsageError("the record lists no claims, so there is nothing to judge")
    if chosen:
        unknown = [claim for claim in chosen if claim not in claims]
        if unknown:
            raise UsageError(f"{unknown[0]} is none of the claims {claims[0]} to {claims[-1]}")
        return Draw("chosen", len(claims), tuple(dict.fromkeys(chosen)))
    if number is None or number >= len(claims):
        return Draw("all", len(claims), tuple(claims))
    return Draw("random", len(claims), tuple(drawn_order(manifest_sha256, day, claims)[:number]))


def text(paper: str, day: str, checker: Checker, drawn: Draw, judged: Sequence[Judged]) -> str:
    """Return the file.

    A draw that was stopped early is that of the claims which were judged: a random order stays random when
    its end is left out.
    """
    how = "chosen" if drawn.how == "all" and len(judged) < drawn.of else drawn.how
    tree: dict[str, Tree] = {
        "contract_version": CONTRACT,
        "paper": paper,
        "date": day,
        "checker": _checker(checker),
        "drawn": {"how": how, "of": str(drawn.of)},
        "claims": [_claim(one) for one in judged],
    }
    return "\n".join(yaml_text.members(tree)) + "\n"


def _checker(checker: Checker) -> dict[str, Tree]:
    found: dict[str, Tree] = {
        "name": checker.name,
        "kind": "person" if checker.model is None else "model",
        "independent": "true" if checker.is_independent else "false",
    }
    if checker.model is not None:
        model = checker.model
        found["model"] = {"id": model.id, "sha256": model.sha256, "precision": model.precision}
    return found


def _claim(one: Judged) -> dict[str, Tree]:
    said = {name: getattr(one, name) for name in ("source", "locator", "quote", "note")}
    return {
        "claim": one.claim,
        "verdict": one.verdict,
        "error": one.error,
        **{name: value for name, value in said.items() if value},
    }


def check_path(record: str, slug: str) -> str:
    """Return where a check lies in the registry's folder."""
    return f"{layout.record_folder(record)}/checks/{slug}.yaml"
