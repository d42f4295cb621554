"""Mixture of experts: what published models hold and compute, and what choosing among experts keeps.

Read from top to bottom.  First what published language models with experts hold, and what one token of them
uses.  Then the operations of residual networks with paths: the standard ones beside what their libraries
publish, and a modular one beside the rows of arXiv 1909.09192, with what those rows say by themselves.  The
layers that are timed and the small models that are trained stand in the modules whose parts are added at the
end.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import _expert_layers
import _expert_models
import _expert_offload
import _expert_specialisation
import _residual_cost
import _residual_networks
import _vision_heads
import _visual_questions
import torch
from _residual_networks import Shape
from harness import Experiment, Metric, Published, Run
from torch.utils.flop_counter import FlopCounterMode

EXPERIMENT = Experiment(
    __file__,
    title="Mixture of experts: sizes, operations, and what choosing keeps",
    question="Do models with experts hold, compute and keep what is published of them?",
    limits=(
        "Accuracy on VQA v2, OK-VQA, COCO and CLEVR cannot be tested here: it takes the trained models and "
        "their data; small models on drawn data show directions, not values. Counts are of architectures as "
        "published; what a paper left out of its own count no count can show."
    ),
)


# -- What language models with experts hold ------------------------------------------------------------------


def model_metrics() -> list[Metric]:
    """Return the metrics of the models: all parameters, and those that one token uses."""
    found = []
    for name, model in _expert_models.MODELS.items():
        found += [
            Metric(f"{name}_parameters", f"total({name}_held)", "parameters", "counted",
                   f"all parameters of {model.name}"),
            Metric(f"{name}_active", f"total({name}_used)", "parameters", "counted",
                   f"parameters of {model.name} that one token uses, embedding and output included"),
        ]  # fmt: skip
    return found


@EXPERIMENT.part(
    "parameters",
    "parameters of published language models with experts, all and those that a token uses",
    {"smoke": 4, "cpu": 4, "gpu": 4},
    metrics=model_metrics(),
)
def parameters(run: Run) -> None:
    """Build each model without memory and count its numbers."""
    kinds = ", ".join(_expert_models.KINDS)
    for name, model in _expert_models.MODELS.items():
        held, used = _expert_models.parameters(model)
        run.sample(f"{name}_held", held, "parameters", f"numbers of {model.name} by kind: {kinds}")
        run.sample(f"{name}_used", used, "parameters", f"those that one token uses, by kind: {kinds}")
        run.check(f"parameters of {model.name}, built", "a closed form",
                  abs(sum(held) - _expert_models.closed_form(model)), 0, "absolute difference")  # fmt: skip
        run.note(f"{model.name}: sizes from {model.source}")


# -- Standard residual networks with paths -------------------------------------------------------------------

STANDARD = {
    "resnext50_32x4d": Shape(32, 4, 50),
    "resnext101_32x4d": Shape(32, 4),
    "resnext101_32x8d": Shape(32, 8),
    "resnext101_64x4d": Shape(64, 4),
    "resnext152_32x4d": Shape(32, 4, 152),
}


def standard_metrics() -> list[Metric]:
    """Return the metrics of the standard networks: parameters, and operations at 224 pixels."""
    found = []
    for name in STANDARD:
        found += [
            Metric(f"{name}_parameters", f"total({name}_held)", "parameters", "counted",
                   f"all parameters of {name}"),
            Metric(f"{name}_operations", f"total({name}_layers) / 1e9", "GFLOP", "counted",
                   f"multiply-accumulates of {name} at 224 pixels, each counted once"),
        ]  # fmt: skip
    return found


@EXPERIMENT.part(
    "standard-networks",
    "parameters and operations of standard residual networks with paths",
    {"smoke": 5, "cpu": 5, "gpu": 5},
    metrics=standard_metrics(),
)
def standard_networks(run: Run) -> None:
    """Count layer by layer, and hold each sum against torch's own counter, which takes two per MAC."""
    for name, shape in STANDARD.items():
        network = _residual_networks.built(shape)
        layers = _residual_networks.operations(network, 224).grouped
        run.sample(f"{name}_held", [_residual_networks.parameters(network)], "parameters",
                   "numbers that are trained")  # fmt: skip
        run.sample(f"{name}_layers", layers, "FLOP", f"multiply-accumulates of {name}, layer by layer")
        counter = FlopCounterMode(display=False)
        with counter:
            network(torch.empty((1, 3, 224, 224), device="meta"))
        run.check(f"operations of {name}", "torch.utils.flop_counter",
                  abs(2 * sum(layers) - counter.get_total_flops()), 0, "absolute difference")  # fmt: skip


# -- The rows of arXiv 1909.09192, as record 20164509 lists them ---------------------------------------------

_RECORD = "20164509-383a-47f5-a404-579667fe34a5"
_ROWS = {
    "baseline": ("156.04E+09", 156.04e9, "c010"),
    "k32": ("181.39E+09", 181.39e9, "c011"),
    "k16": ("77.72E+09", 77.72e9, "c012"),
    "k8": ("45.94E+09", 45.94e9, "c013"),
}
_ACTIVE = {"baseline": None, "k32": 32, "k16": 16, "k8": 8}
_WIDTHS = (4, 8, 16, 32, 48)
_PIXELS = (224, 448)
# The name of a row's nearest count, whether its groups are counted as they are, and that in words.
_CONVENTIONS = (
    ("nearest", True, "take groups as they are"),
    ("nearest_ignoring", False, "ignore groups"),
)


@dataclass(frozen=True)
class Configuration:
    """One way to count: which network, at which size, by which convention."""

    shape: Shape
    pixels: int
    is_grouped: bool
    per_mac: int

    @property
    def words(self) -> str:
        """Say it."""
        shape = self.shape
        first = ", first block of a stage whole" if shape.is_first_whole else ""
        groups = "grouped" if self.is_grouped else "grouping ignored"
        return f"{shape.paths}x{shape.width}d at {self.pixels}, {groups}, {self.per_mac} per MAC{first}"

    @property
    def short(self) -> str:
        """Say it in a list: network, pixels, FLOP per MAC, and whether first blocks are whole."""
        shape = self.shape
        whole = "/whole" if shape.is_first_whole else ""
        return f"{shape.paths}x{shape.width}d/{self.pixels}/{self.per_mac}{whole}"

    def layers(self) -> list[int]:
        """Return the FLOP of each layer."""
        counted = _counted(self.shape, self.pixels)
        return [self.per_mac * one for one in (counted.grouped if self.is_grouped else counted.ignoring)]


@cache
def _counted(shape: Shape, pixels: int) -> _residual_networks.Operations:
    return _residual_networks.operations(_residual_networks.built(shape), pixels)


def configurations(row: str, widths: Sequence[int] = _WIDTHS) -> Iterator[Configuration]:
    """Yield for a row ResNeXt-101s of 32 paths (the baseline also of 64) by width, image and convention.

    Where not all paths run, the first block of each stage is taken both ways: modular like the others, or
    whole.
    """
    active = _ACTIVE[row]
    shapes = [Shape(32, width, active=active) for width in widths]
    if active is None:
        shapes.append(Shape(64, 4))
    elif active < 32:
        shapes += [Shape(32, width, active=active, is_first_whole=True) for width in widths]
    for shape in shapes:
        for pixels in _PIXELS:
            for is_grouped in (True, False):
                for per_mac in (1, 2):
                    yield Configuration(shape, pixels, is_grouped, per_mac)


def row_metrics() -> list[Metric]:
    """Return the metrics of the rows: the nearest standard count, and what the rows say by themselves."""
    found = [
        Metric(f"{row}_{name}", f"total({row}_{name}_layers)", "FLOP", "counted",
               f"row {row}: of the counts that {how} the one nearest to the published number, which chose it")
        for row in _ROWS for name, _, how in _CONVENTIONS
    ]  # fmt: skip
    found += [
        Metric(f"fitted_{row}", f"total(fitted_{row}_layers)", "FLOP", "counted",
               f"row {row}: ResNeXt-101 32x4d at 448 pixels, grouping ignored, 2 per MAC, first block of a "
               "stage whole: the convention that fits best")
        for row in ("k32", "k16", "k8")
    ]  # fmt: skip
    found += [
        Metric(f"true_{row}", f"total(true_{row}_layers)", "FLOP", "counted",
               f"row {row}: the same network with its groups counted as they are")
        for row in ("k32", "k16", "k8")
    ]  # fmt: skip
    slope = "(row_k32 - row_k8) / 24"
    half = 0.005e9
    return [
        *found,
        Metric("line_k16", f"row_k8 + 8 * {slope}", "FLOP", "arithmetic",
               "row k16 on the line through rows k8 and k32: grouped convolutions are linear in k",
               low=f"row_k8 + 8 * {slope} - {half}", high=f"row_k8 + 8 * {slope} + {half}"),
        Metric("saved_k16", "100 * (1 - row_k16 / row_k32)", "%", "arithmetic",
               "published saving with half of the paths; of what is linear in k half saves at most 50%"),
        Metric("true_saved_k16", "100 * (1 - true_k16 / true_k32)", "%", "counted",
               "saving with half of the paths, groups counted as they are"),
        Metric("fitted_saved_k16", "100 * (1 - fitted_k16 / fitted_k32)", "%", "counted",
               "saving with half of the paths, grouping ignored"),
        *(Metric(f"published_{row}", f"row_{row}", "FLOP", "arithmetic", f"row {row} as published")
          for row in ("k32", "k16", "k8")),
    ]  # fmt: skip


@EXPERIMENT.part(
    "published-rows",
    "operations of a ResNeXt-101 of which k of 32 paths run, beside the published rows",
    {"smoke": 8, "cpu": 25, "gpu": 25},
    metrics=row_metrics(),
    published=[
        Published(f"row_{row}", text, value, "FLOP", "paper", _RECORD, claim)
        for row, (text, value, claim) in _ROWS.items()
    ],
)
def published_rows(run: Run) -> None:
    """Count the standard configurations of each row; keep all sums, and the layers of the nearest.

    The published number chooses the nearest, so that it can support or contradict in kind and decide nothing.
    """
    widths = _WIDTHS[:1] if run.preset == "smoke" else _WIDTHS
    for row, (_, published, _) in _ROWS.items():
        for name, is_grouped, _ in _CONVENTIONS:
            ways = [one for one in configurations(row, widths) if one.is_grouped == is_grouped]
            counted = {one: sum(one.layers()) for one in ways}
            words = f"{len(ways)} counts, each of network/pixels/FLOP per MAC: "
            words += ", ".join(one.short for one in ways)
            run.sample(f"{row}_{name.replace('nearest', 'counts')}", counted.values(), "FLOP", words)
            nearest = min(ways, key=lambda one: abs(counted[one] - published))
            apart = 100 * (counted[nearest] / published - 1)
            run.note(f"Row {row}: of {len(ways)} counts the nearest is {nearest.words}, {apart:+.2f}%.")
            run.sample(f"{row}_{name}_layers", nearest.layers(), "FLOP", f"by layer: {nearest.words}")
    for row, active in (("k32", 32), ("k16", 16), ("k8", 8)):
        shape = Shape(32, 4, active=active, is_first_whole=True)
        for kind, is_grouped in (("fitted", False), ("true", True)):
            layers = Configuration(shape, 448, is_grouped, 2).layers()
            run.sample(f"{kind}_{row}_layers", layers, "FLOP", f"{kind} count of row {row}, layer by layer")


# -- Layers with experts, timed; small models that are trained --------------------------------------------

_residual_cost.add_parts(EXPERIMENT)
_expert_layers.add_parts(EXPERIMENT)
_expert_offload.add_parts(EXPERIMENT)
_visual_questions.add_parts(EXPERIMENT)
_vision_heads.add_parts(EXPERIMENT)
_expert_specialisation.add_parts(EXPERIMENT)


# -- What pages draw -----------------------------------------------------------------------------------------

_ACTIVE_PATHS = {32: "k32", 16: "k16", 8: "k8"}
EXPERIMENT.plot(
    "rows",
    "Operations over the number of paths that run",
    "paths that run, of 32",
    "FLOP",
    {
        label: {paths: f"{kind}_{row}" for paths, row in _ACTIVE_PATHS.items()}
        for kind, label in (
            ("published", "published"),
            ("fitted", "counted, grouping ignored"),
            ("true", "counted, groups as they are"),
        )
    },
)
EXPERIMENT.plot(
    "models",
    "Parameters of language models with experts",
    "model",
    "parameters",
    {
        label: {model.name: f"{name}_{kind}" for name, model in _expert_models.MODELS.items()}
        for kind, label in (("parameters", "all"), ("active", "used by one token"))
    },
    kind="bars",
)


if __name__ == "__main__":
    raise SystemExit(EXPERIMENT.main())
