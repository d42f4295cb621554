"""What every experiment script shares: its declaration, its command line, and the record of a run.

A script declares an :class:`Experiment`, gives it parts with :meth:`Experiment.part`, and ends with
``raise SystemExit(EXPERIMENT.main())``.  It then answers

    python NAME.py --describe
    python NAME.py --preset smoke|cpu|gpu [--part NAME] [--device cpu|cuda] [--seeds N]
                   [--time-limit SECONDS] --out FILE

and writes one JSON file of the contract run-record-v1.  Needs Python 3.11 and what the script itself imports;
nothing of the package ``colophon``.

Numbers go into a run in three ways: *parameters* that were chosen, *published* numbers taken from claims, and
*samples* that were counted or measured.  Metrics are never set: each is a printed formula over those names,
so that whoever reads the record can compute it again.
"""

import argparse
import hashlib
import json
import math
import os
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import _environment

CONTRACT = "run-record-v1"
PRESETS = ("smoke", "cpu", "gpu")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,79}")
_SLUG = re.compile(r"[a-z][a-z0-9-]{1,60}")
# Names that a note about missing numbers lists.
_NAMED = 6
_FOLDER = Path(__file__).resolve().parent


class Refusal(Exception):
    """Ends the script with one line that says what is and what to do."""


class TimeIsUp(Exception):
    """Ends a part before a step that would begin after the time limit; what was kept until then counts."""


@dataclass(frozen=True)
class Metric:
    """A conclusion: a formula over names of parameters, published numbers, samples and earlier metrics.

    ``kind`` is ``arithmetic`` (of published numbers), ``counted`` (exact) or ``measured``; ``low`` and
    ``high`` are formulas of the ends of its interval, where it has one.
    """

    name: str
    formula: str
    unit: str | None
    kind: str
    what: str
    low: str | None = None
    high: str | None = None


def over_seeds(name: str, samples: str, unit: str | None, what: str, times: float = 1) -> Metric:
    """Return the metric of a mean with its 95% interval by Student's distribution.

    ``samples`` names a list of independent values, one for each seed; ``times`` is a factor, such as 100 for
    percent.
    """
    factor = "" if times == 1 else f"{times:g} * "
    half = f"t95(count({samples}) - 1) * stdev({samples}) / sqrt(count({samples}))"
    low, high = (f"{factor}(mean({samples}) {sign} {half})" for sign in "-+")
    return Metric(name, f"{factor}mean({samples})", unit, "measured", what, low, high)


@dataclass(frozen=True)
class Published:
    """A number as a claim prints it; ``owner`` is ``arxiv`` (or another kind of work) or ``paper``."""

    name: str
    text: str
    value: float
    unit: str | None
    owner: str
    identifier: str
    claim: str


@dataclass(frozen=True)
class Part:
    """One resumable piece of an experiment; ``seconds`` says how long it takes, by preset that has it."""

    name: str
    what: str
    seconds: Mapping[str, int]
    metrics: tuple[Metric, ...]
    published: tuple[Published, ...]
    function: Callable[["Run"], None]


def _quantile(values: Sequence[float], share: float) -> float:
    """Return a quantile by linear interpolation between the two nearest of the sorted values."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


# 97.5% quantiles of Student's distribution for 1 to 30 degrees of freedom, as tables print them.
_T95 = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
    2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
)  # fmt: skip


def _t95(freedom: float) -> float:
    """Return the factor of a standard error that makes a 95% interval; ``freedom`` is values less one.

    Beyond the table it is Fisher's expansion about the normal quantile, whose error there is below 1e-4.
    """
    if freedom < 1:
        raise ValueError("an interval takes two values and more")
    if freedom <= len(_T95):
        return _T95[math.floor(freedom) - 1]
    z = 1.959964
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)


# What a formula may call.  Lists are samples.
FUNCTIONS: dict[str, Callable[..., float]] = {
    "median": statistics.median,
    "mean": statistics.fmean,
    "stdev": statistics.stdev,
    "quantile": _quantile,
    "t95": _t95,
    "total": math.fsum,
    "count": len,
    "min": min,
    "max": max,
    "sqrt": math.sqrt,
    "log": math.log,
    "log2": math.log2,
    "exp": math.exp,
    "abs": abs,
    "floor": math.floor,
    "ceil": math.ceil,
}


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Run:
    """What a part is given: what was asked for, and where its numbers go."""

    experiment: "Experiment"
    preset: str
    device: str
    seeds: tuple[int, ...]
    journal: "Journal"
    parameters: dict[str, Any] = field(default_factory=dict)
    published: dict[str, Any] = field(default_factory=dict)
    samples: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, Any] = field(default_factory=dict)
    checks: list[dict[str, Any]] = field(default_factory=list)
    backends: list[dict[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    dtype: str | None = None
    deadline: float = math.inf  # of the monotonic clock, from which no step begins

    def parameter(self, name: str, value: float, unit: str | None, what: str) -> float:
        """Keep a number that was chosen, and return it."""
        self._keep(self.parameters, name, {"value": value, "unit": unit, "what": what})
        return value

    def sample(self, name: str, values: Iterable[float], unit: str | None, what: str) -> None:
        """Keep every value of what was counted or measured."""
        kept = list(values)
        if not kept or not all(math.isfinite(value) for value in kept):
            raise RuntimeError(f"sample {name} is empty or not finite: {kept[:5]}")
        self._keep(self.samples, name, {"unit": unit, "what": what, "values": kept})

    def check(self, what: str, reference: str, error: float, limit: float, measure: str) -> None:
        """Keep how far a result lies from its reference; one beyond ``limit`` fails the run.

        An error that is not finite counts as the largest there is.
        """
        finite = error if math.isfinite(error) else sys.float_info.max
        self.checks.append(
            {"what": what, "reference": reference, "error": finite, "measure": measure, "limit": limit}
        )

    def backend(self, step: str, name: str) -> None:
        """Keep which implementation really ran a step."""
        self.backends.append({"step": step, "name": name})

    def note(self, text: str) -> None:
        """Keep what a reader must know."""
        if text not in self.notes:
            self.notes.append(text)

    def step(self, name: str, function: Callable[[], Any]) -> Any:
        """Return what a function gives, as JSON; a step that was finished before is not run again.

        Running out of a GPU's memory gives None and a note, so that the other steps still count.
        """
        kept = self.journal.get(name)
        if kept is not None:
            return kept["value"]
        if time.monotonic() >= self.deadline:
            raise TimeIsUp(name)
        self.journal.begin(name)
        began = time.monotonic()
        try:
            value = function()
        except Exception as error:
            if type(error).__name__ != "OutOfMemoryError":
                raise
            _environment.empty_cache()
            self.note(f"{name}: left out, the GPU's memory is too small for it")
            value = None
        self.journal.put(name, value, time.monotonic() - began)
        return value

    def conclude(self, part: Part) -> None:
        """Compute the metrics of a part from what was kept; one whose numbers are missing is left out."""
        for one in part.published:
            owner = {"kind": one.owner, "identifier": one.identifier, "claim": one.claim}
            entry = {"value": one.value, "text": one.text, "unit": one.unit, "owner": owner}
            self._keep(self.published, one.name, entry)
        missing: dict[str, int] = {}
        for metric in part.metrics:
            formulas = [metric.formula, metric.low, metric.high]
            try:
                values = [None if one is None else self._evaluated(one) for one in formulas]
            except NameError as error:
                missing[error.name] = missing.get(error.name, 0) + 1
                continue
            except (ArithmeticError, ValueError) as error:
                self.note(f"{metric.name}: left out, {metric.formula} gives no number ({error})")
                continue
            entry = {
                "value": values[0], "low": values[1], "high": values[2], "unit": metric.unit,
                "kind": metric.kind, "formula": metric.formula, "low_formula": metric.low,
                "high_formula": metric.high, "what": metric.what,
            }  # fmt: skip
            self._keep(self.metrics, metric.name, entry)
        if missing:
            # A smaller preset measures less; whoever mistyped a name reads which one.
            names = ", ".join(list(missing)[:_NAMED]) + (" and others" if len(missing) > _NAMED else "")
            count = sum(missing.values())
            are = "metric is" if count == 1 else "metrics are"
            self.note(f"{part.name}: {count} {are} left out, as there is no {names}.")

    def _evaluated(self, formula: str) -> float:
        names: dict[str, Any] = {name: entry["values"] for name, entry in self.samples.items()}
        for table in (self.parameters, self.published, self.metrics):
            names |= {name: entry["value"] for name, entry in table.items()}
        # The formula is the script's own.
        value = eval(formula, {"__builtins__": {}}, {**FUNCTIONS, **names})  # noqa: S307
        if not math.isfinite(value):
            raise ValueError(f"it is {value}")
        return value

    def _keep(self, table: dict[str, Any], name: str, entry: dict[str, Any]) -> None:
        tables = (self.parameters, self.published, self.samples, self.metrics)
        if not _NAME.fullmatch(name) or name in FUNCTIONS:
            raise RuntimeError(f"{name!r} is no name for a number")
        for other in tables:
            if name in other and other[name] != entry:
                raise RuntimeError(f"{name!r} is kept twice, with different values")
        table[name] = entry


class Journal:
    """The finished steps of a run, on disk beside its output, so that an interrupted one goes on."""

    def __init__(self, out: Path, key: str, expected: int) -> None:
        self.path = out.with_name(f"{out.name}.partial")
        self.started = _now()
        self.interruptions: list[dict[str, Any]] = []
        self._steps: dict[str, dict[str, Any]] = {}
        self._progress = _Progress(expected)
        if self.path.exists():
            self._read(key)
        if not self._steps:
            self.path.write_text(json.dumps({"key": key, "started": self.started}) + "\n", encoding="utf-8")

    def _read(self, key: str) -> None:
        lines = self.path.read_text(encoding="utf-8").splitlines()
        entries = []
        for line in lines:
            try:
                entries.append(json.loads(line))
            except ValueError:
                break  # the line that was being written when the run was stopped
        if not entries or entries[0].get("key") != key:
            print(f"{self.path}: belongs to another run, so everything runs anew", file=sys.stderr)
            return
        self.started = entries[0]["started"]
        steps = [entry for entry in entries[1:] if "step" in entry]
        self.interruptions = [entry["interruption"] for entry in entries[1:] if "interruption" in entry]
        self._steps = {entry["step"]: entry for entry in steps}
        if self._steps:
            stopped = {"stopped": steps[-1]["at"], "resumed": _now(), "kept": len(self._steps)}
            self.interruptions.append(stopped)
            kept = [entries[0], *entries[1:], {"interruption": stopped}]
            text = "".join(json.dumps(entry) + "\n" for entry in kept)
            self.path.write_text(text, encoding="utf-8")
            print(f"{self.path}: {len(self._steps)} finished steps are kept", file=sys.stderr)

    def get(self, name: str) -> dict[str, Any] | None:
        """Return a finished step, or None."""
        return self._steps.get(name)

    def begin(self, name: str) -> None:
        """Show what runs now."""
        self._progress.show(name, len(self._steps))

    def put(self, name: str, value: Any, seconds: float) -> None:
        """Keep a finished step."""
        entry = {"step": name, "value": value, "seconds": round(seconds, 3), "at": _now()}
        self._steps[name] = entry
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")
            file.flush()
            os.fsync(file.fileno())

    @property
    def finished(self) -> int:
        """How many steps are finished."""
        return len(self._steps)

    def close(self) -> None:
        """Forget the steps: the run is written."""
        self._progress.end()
        self.path.unlink(missing_ok=True)


class _Progress:
    """A bar on standard error: time that went by beside the time that was expected."""

    def __init__(self, expected: int) -> None:
        self._expected = expected
        self._began = time.monotonic()
        self._is_terminal = sys.stderr.isatty()

    def show(self, step: str, finished: int) -> None:
        """Show which step runs."""
        went = time.monotonic() - self._began
        if self._is_terminal:
            share = min(1.0, went / max(1, self._expected))
            bar = "#" * round(20 * share)
            print(f"\r\033[K[{bar:<20}] {went:5.0f} s of about {self._expected} s  {step[:60]}", end="",
                  file=sys.stderr, flush=True)  # fmt: skip
        else:
            print(f"{went:7.1f} s  step {finished + 1}: {step}", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Leave the line of the bar."""
        if self._is_terminal:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


class Experiment:
    """An experiment: its question, its parts, its command line."""

    def __init__(self, file: str, title: str, question: str, limits: str) -> None:
        self.id = Path(file).stem.replace("_", "-")
        self.title, self.question, self.limits = title, question, limits
        self.parts: dict[str, Part] = {}
        self.plots: list[dict[str, Any]] = []

    def plot(
        self,
        name: str,
        title: str,
        x: str,
        y: str,
        series: Mapping[str, Mapping[float | str, str]],
        *,
        kind: str = "lines",
        x_scale: str = "linear",
        y_scale: str = "linear",
        level: tuple[float, str] | None = None,
    ) -> None:
        """Declare what pages draw: by label of a series, by place or name of a bar, the metric of its height.

        ``kind`` is ``lines``, ``bars`` or ``stacks``; ``level`` is a value to compare with and what it is.
        """
        self.plots.append({
            "name": name, "title": title, "kind": kind, "x": x, "y": y,
            "x_scale": x_scale, "y_scale": y_scale,
            "level": None if level is None else {"value": level[0], "label": level[1]},
            "series": [
                {"label": label, "points": [_point(kind, place, metric) for place, metric in points.items()]}
                for label, points in series.items()
            ],
        })  # fmt: skip

    def part(
        self,
        name: str,
        what: str,
        seconds: Mapping[str, int],
        metrics: Sequence[Metric] = (),
        published: Sequence[Published] = (),
    ) -> Callable[[Callable[[Run], None]], Callable[[Run], None]]:
        """Declare a part; its function keeps numbers in the run that it is given."""

        def declare(function: Callable[[Run], None]) -> Callable[[Run], None]:
            if name in self.parts:
                raise RuntimeError(f"part {name!r} is declared twice")
            if not _SLUG.fullmatch(name):
                raise RuntimeError(f"part {name!r}: expected a name of 2 to 61 of a-z, 0-9 and -")
            if not set(seconds) <= set(PRESETS):
                raise RuntimeError(f"part {name!r}: seconds are given by preset, {', '.join(PRESETS)}")
            self.parts[name] = Part(name, what, seconds, tuple(metrics), tuple(published), function)
            return function

        return declare

    def describe(self) -> dict[str, Any]:
        """Return what the experiment is, for programs."""
        return {
            "experiment": self.id,
            "title": self.title,
            "question": self.question,
            "limits": self.limits,
            "parts": [
                {
                    "name": part.name,
                    "what": part.what,
                    "seconds": dict(part.seconds),
                    "metrics": [asdict(metric) for metric in part.metrics],
                }
                for part in self.parts.values()
            ],
        }

    def main(self, arguments: Sequence[str] | None = None) -> int:
        """Answer the command line; return the exit code."""
        asked = _arguments(self, arguments)
        try:
            return self._answer(asked)
        except Refusal as refusal:
            print(f"{self.id}: {refusal}", file=sys.stderr)
            return 2
        except OSError as error:
            print(f"{self.id}: {error.filename}: {error.strerror}", file=sys.stderr)
            return 3

    def _answer(self, asked: argparse.Namespace) -> int:
        if asked.describe:
            print(json.dumps(self.describe(), indent=2))
            return 0
        parts = self._chosen(asked)
        device = _device(asked)
        expected = sum(part.seconds[asked.preset] for part in parts)
        if asked.dry_run:
            for part in parts:
                print(f"{part.name}: about {part.seconds[asked.preset]} s on {device}: {part.what}")
            print(f"nothing was run; in all about {expected} s")
            return 0
        if asked.out is None:
            raise Refusal("there is no --out FILE to write to; --dry-run shows what would run")
        seeds = tuple(range(asked.seeds))
        key = json.dumps([asked.preset, [part.name for part in parts], device, seeds, _code()])
        journal = Journal(asked.out, hashlib.sha256(key.encode()).hexdigest(), expected)
        run = Run(self, asked.preset, device, seeds, journal, deadline=_deadline(asked.time_limit))
        clocks = []
        try:
            _environment.make_repeatable(seeds[0] if seeds else 0)
            clocks += [_environment.clocks()] if device == "cuda" else []
            parts = [part for part in parts if _is_run(run, part, asked.time_limit, clocks)]
        except KeyboardInterrupt:
            message = f"interrupted; {journal.finished} finished steps are kept, the same command goes on"
            print(f"\n{self.id}: {message}", file=sys.stderr)
            return 130
        record = self._record(run, parts, asked, clocks)
        _write(asked.out, record)
        journal.close()
        return _told(self.id, asked.out, record)

    def _chosen(self, asked: argparse.Namespace) -> list[Part]:
        unknown = [name for name in asked.part if name not in self.parts]
        if unknown:
            raise Refusal(f"there is no part {unknown[0]!r}, expected one of {', '.join(self.parts)}")
        named = [self.parts[name] for name in dict.fromkeys(asked.part)] or list(self.parts.values())
        parts = [part for part in named if asked.preset in part.seconds]
        if not parts:
            raise Refusal(f"no such part has the preset {asked.preset}; --describe lists what each has")
        return parts

    def _record(
        self, run: Run, parts: Sequence[Part], asked: argparse.Namespace, clocks: list[dict[str, Any]]
    ) -> dict[str, Any]:
        machine = _environment.machine(run.device, asked.machine, [one for one in clocks if one])
        return {
            "contract_version": CONTRACT,
            "experiment": self.id,
            "title": self.title,
            "question": self.question,
            "limits": self.limits,
            "parts": [
                {
                    "name": part.name,
                    "what": part.what,
                    "presets": [name for name in PRESETS if name in part.seconds],
                    "ran": part in parts,
                }
                for part in self.parts.values()
            ],
            "preset": run.preset,
            "operator": asked.operator,
            "started": run.journal.started,
            "ended": _now(),
            "interruptions": run.journal.interruptions,
            "machine": machine,
            "software": _environment.software(),
            "sandbox": _environment.sandbox(),
            "settings": {
                "device": run.device,
                "dtype": run.dtype,
                "seeds": list(run.seeds),
                "flags": _environment.flags(),
            },
            "code": _code(),
            "backends": run.backends,
            "parameters": dict(sorted(run.parameters.items())),
            "published": dict(sorted(run.published.items())),
            "samples": dict(sorted(run.samples.items())),
            "metrics": dict(sorted(run.metrics.items())),
            "plots": [plot for plot in self.plots if _is_drawn(plot, run.metrics)],
            "checks": run.checks,
            "notes": run.notes,
            "extensions": {},
        }


def _arguments(experiment: Experiment, given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=f"{experiment.id}", description=experiment.title)
    parser.add_argument("--describe", action="store_true", help="say what this experiment is, as JSON")
    parser.add_argument("--preset", choices=PRESETS, default="cpu", help="sizes (default: cpu)")
    parser.add_argument("--part", action="append", default=[], metavar="NAME", help="only this part")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--seeds", type=_count, default=5, metavar="N", help="how many seeds (default: 5)")
    parser.add_argument("--operator", type=_name, default="unnamed", metavar="NAME", help="who runs it")
    parser.add_argument("--machine", type=_slug, default=None, metavar="NAME", help="name of this machine")
    parser.add_argument(
        "--time-limit", type=_count, metavar="SECONDS",
        help="begin no step after so long; what was measured until then is written, and says so",
    )  # fmt: skip
    parser.add_argument("--out", type=Path, metavar="FILE", help="where the record goes")
    parser.add_argument("--dry-run", action="store_true", help="say what would run, and run nothing")
    return parser.parse_args(given)


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to 1000")
    return int(text)


def _name(text: str) -> str:
    if not text.strip() or "\n" in text or len(text) > 200:
        raise argparse.ArgumentTypeError("a name is one line of 1 to 200 characters")
    return text


def _slug(text: str) -> str:
    if not _SLUG.fullmatch(text):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not 2 to 61 of a-z, 0-9 and -, beginning with a letter"
        )
    return text


def _deadline(limit: int | None) -> float:
    return math.inf if limit is None else time.monotonic() + limit


def _is_run(run: Run, part: Part, limit: int | None, clocks: list[dict[str, Any]]) -> bool:
    """Run a part and draw its conclusions; return False where the time was up before it began."""
    if time.monotonic() >= run.deadline:
        run.note(f"{part.name}: did not run, the time limit of {limit} s was over")
        return False
    try:
        part.function(run)
    except TimeIsUp as before:
        run.note(
            f"{part.name}: stopped by the time limit of {limit} s before its step {str(before)!r}; what "
            "comes after it was not measured"
        )
    run.conclude(part)
    clocks += [_environment.clocks()] if run.device == "cuda" else []
    return True


def _device(asked: argparse.Namespace) -> str:
    device = asked.device
    if device == "auto":
        device = "cuda" if asked.preset == "gpu" else "cpu"
    if device == "cuda" and not asked.dry_run and not _environment.has_gpu():
        raise Refusal("there is no GPU that torch can use; --preset cpu runs what needs none")
    return device


def _code() -> list[dict[str, str]]:
    """Return name and digest of every module of this folder that was imported, the script first by name."""
    named = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
    # Some modules of libraries bear the name of a file that is none.
    paths = {Path(name).resolve() for name in named if name and Path(name).is_absolute()}
    files = {path for path in paths if path.parent == _FOLDER}
    return [
        {"name": file.name, "sha256": f"sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}"}
        for file in sorted(files)
    ]


def _point(kind: str, place: float | str, metric: str) -> dict[str, Any]:
    is_line = kind == "lines"
    return {"x": place if is_line else None, "label": None if is_line else str(place), "metric": metric}


def _is_drawn(plot: Mapping[str, Any], metrics: Mapping[str, Any]) -> bool:
    return any(point["metric"] in metrics for series in plot["series"] for point in series["points"])


def _write(out: Path, record: Mapping[str, Any]) -> None:
    """Write the whole record or nothing."""
    fresh = out.with_name(f".{out.name}.new")
    fresh.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    fresh.replace(out)


def _told(name: str, out: Path, record: Mapping[str, Any]) -> int:
    """Say what was written, and which checks failed."""
    failed = [check for check in record["checks"] if not check["error"] <= check["limit"]]
    print(f"{out}: {len(record['metrics'])} metrics, {len(record['checks'])} checks", file=sys.stderr)
    for check in failed:
        message = f"{check['what']} differs from {check['reference']} by {check['error']:.3g}"
        print(f"{name}: {message}, at most {check['limit']:.3g} passes", file=sys.stderr)
    return 1 if failed else 0
