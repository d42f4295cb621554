"""run-record-v1: one execution of one experiment, with every sample and the formulas of its metrics."""

from typing import Annotated, Any

from pydantic import StringConstraints

from colophon.contracts import Reading, contract

# What a formula calls a number by.
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,79}$")]


class RunPart(Reading):
    """One part of the experiment; ``ran`` says whether it is in this run."""

    name: str
    what: str
    presets: tuple[str, ...]
    ran: bool


class Interruption(Reading):
    """A stop after which the run went on; ``kept`` steps were not run again."""

    stopped: str
    resumed: str
    kept: int


class Clock(Reading):
    """Clocks of the GPU as seen, in MHz."""

    at: str
    core_mhz: float | int | None
    memory_mhz: float | int | None


class Gpu(Reading):
    """The GPU that was used."""

    name: str
    memory_bytes: int
    driver: str | None
    cuda: str | None
    clocks: tuple[Clock, ...]


class Machine(Reading):
    """What it ran on; ``name`` is the folder of its runs."""

    name: str
    system: str
    processor: str
    cores: int
    memory_bytes: int | None
    gpu: Gpu | None


class Software(Reading):
    """Versions of Python and of the packages that were used."""

    python: str
    packages: dict[str, str]


class Sandbox(Reading):
    """What closed the process in, and whether it could reach a network."""

    kind: str
    network: bool


class Settings(Reading):
    """What was asked of the run."""

    device: str
    dtype: str | None
    seeds: tuple[int, ...]
    flags: dict[str, Any]


class CodeFile(Reading):
    """One file of the code that ran, by the digest of its bytes."""

    name: str
    sha256: str


class Backend(Reading):
    """Which implementation really ran a step."""

    step: str
    name: str


class Parameter(Reading):
    """A number that was chosen."""

    value: float | int
    unit: str | None
    what: str


class ClaimOwner(Reading):
    """A claim: ``kind`` is ``paper`` for a record of the registry, else the kind of a work's identifier."""

    kind: str
    identifier: str
    claim: str


class PublishedNumber(Reading):
    """A number as a claim prints it."""

    value: float | int
    text: str
    unit: str | None
    owner: ClaimOwner


class Samples(Reading):
    """Every value of what was counted or measured."""

    unit: str | None
    what: str
    values: tuple[float | int, ...]


class Metric(Reading):
    """A conclusion with the formula that gives it; the ends of its interval are None when it has none."""

    value: float | int
    low: float | int | None
    high: float | int | None
    unit: str | None
    kind: str
    formula: str
    low_formula: str | None
    high_formula: str | None
    what: str


class Level(Reading):
    """A level to compare with, such as break-even."""

    value: float | int
    label: str


class Point(Reading):
    """One point of a plot: its place along the bottom, or the name of its bar, and its metric."""

    x: float | int | None
    label: str | None
    metric: Name


class Series(Reading):
    """One series of a plot."""

    label: str
    points: tuple[Point, ...]


class Plot(Reading):
    """What pages draw; ``kind`` is ``lines``, ``bars`` or ``stacks``."""

    name: str
    title: str
    kind: str
    x: str
    y: str
    x_scale: str
    y_scale: str
    level: Level | None
    series: tuple[Series, ...]


class Check(Reading):
    """A comparison with a reference; it passes when ``error`` is at most ``limit``."""

    what: str
    reference: str
    error: float | int
    measure: str
    limit: float | int


@contract("run-record-v1")
class RunRecord(Reading):
    """One stored run."""

    contract_version: str
    experiment: str
    title: str
    question: str
    limits: str
    parts: tuple[RunPart, ...]
    preset: str
    operator: str
    started: str
    ended: str
    interruptions: tuple[Interruption, ...]
    machine: Machine
    software: Software
    sandbox: Sandbox
    settings: Settings
    code: tuple[CodeFile, ...]
    backends: tuple[Backend, ...]
    parameters: dict[Name, Parameter]
    published: dict[Name, PublishedNumber]
    samples: dict[Name, Samples]
    metrics: dict[Name, Metric]
    plots: tuple[Plot, ...]
    checks: tuple[Check, ...]
    notes: tuple[str, ...]
    extensions: dict[str, Any]
