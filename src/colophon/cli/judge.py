"""``colophon judge``"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

import typer

from colophon import atomic, canon, checking
from colophon.characters import visible
from colophon.checking import Checker, Draw, Judged, Model
from colophon.cli import app
from colophon.cli._options import (
    RegistryOption,
    file_name,
    loaded_record,
    prefix,
    registry_folder,
    today,
)
from colophon.cli._questions import Option, Questions
from colophon.cli._reporter import git_name
from colophon.cli._tables import console
from colophon.contracts.paper_manifest import Claim
from colophon.errors import UsageError
from colophon.filing import slug_of
from colophon.fold import Record
from colophon.report import counted
from colophon.sampling import LEAST
from colophon.store import WorkTree

_VERDICTS = (
    Option("supported", "the source says it"),
    Option("contradicted", "the source says otherwise"),
    Option("unclear", "the source does not settle it, or could not be read"),
)
_ERRORS = (
    Option("none", "nothing is wrong with the claim"),
    Option("minor", "wrong, and no reader is misled about the result"),
    Option("major", "a reader is misled about the result"),
)
# Characters of a name before the day in the name of a file.
_NAME = 29
_LONGEST_NAME, _LONGEST_PRECISION = 200, 2_000
_UNMEASURED = "not measured"

_Model = Annotated[
    Path | None,
    typer.Option(
        "--model", metavar="DIR", help="Let a model for entailment judge: a folder with its ONNX files."
    ),
]
_Locator = Annotated[
    Path | None,
    typer.Option(
        "--locator", metavar="DIR", help="With --model: find more passages by a model for embeddings."
    ),
]
_Precision = Annotated[
    str | None,
    typer.Option(
        "--precision",
        metavar="TEXT",
        help=f"How often the model was right, and on which set. Default: {_UNMEASURED}.",
    ),
]
_Independent = Annotated[
    bool, typer.Option("--independent", help="The model is not the publisher's or its generator's.")
]


@app.command()
def judge(
    name: Annotated[
        str, typer.Argument(metavar="RECORD", help="A record: id, first digits, or words of its title.")
    ],
    sample: Annotated[
        int | None,
        typer.Option(
            "--sample", metavar="N", min=1, help=f"Draw so many claims at random. Default: {LEAST}."
        ),
    ] = None,
    whole: Annotated[bool, typer.Option("--all", help="Judge every claim.")] = False,
    claim: Annotated[
        list[str] | None, typer.Option("--claim", metavar="ID", help="Judge this claim, such as c003.")
    ] = None,
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="NAME", help="Who judges, publicly. Default: git's user.name."),
    ] = None,
    slug: Annotated[str | None, typer.Option("--name", metavar="NAME", help="Name of the file.")] = None,
    model: _Model = None,
    locator: _Locator = None,
    precision: _Precision = None,
    is_independent: _Independent = False,
    registry: RegistryOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the file, write nothing.")] = False,
) -> None:
    """Judge claims of a record against its sources, and write what you found as a file.

    The sample is drawn by the day and the record, so that nobody chooses it. Each claim is shown with the
    passages that were found for it. Ctrl-D ends early: what was judged by then is written. A check counts for
    the tier when a maintainer's review confirms it. With --model nobody is asked: what the model says is
    filed under its name, and never counts.
    """
    _one_of({"--sample": sample is not None, "--all": whole, "--claim": bool(claim)})
    _one_of({"--model": model is not None, "--by": by is not None})
    if model is None and (locator is not None or precision is not None or is_independent):
        raise UsageError("--locator, --precision and --independent belong to --model", "give --model too")
    if slug is not None:
        file_name(slug)
    root = registry_folder(registry)
    tree = WorkTree(str(root))
    record = loaded_record(tree, name)
    claims = {one.id: one for one in record.as_filed().manifest.claims or ()}
    digest = canon.digest(tree.read(f"{record.folder}/manifest.json"))
    drawn = checking.draw(list(claims), digest, today(), claim or (), None if whole else sample or LEAST)
    if model is not None:
        said = _UNMEASURED if precision is None else precision
        checker, judged = _by_model(record, drawn, model, locator, said, is_independent=is_independent)
        _write(root, record, slug, checker, drawn, judged, dry_run=dry_run)
        return
    questions = Questions(console(on_stderr=True))
    questions.say(f"{record.manifest.display_id}  {record.manifest.title}")
    questions.say(f"{len(drawn.claims)} of {drawn.of} claims, {drawn.how}: {', '.join(drawn.claims)}")
    who = _who(questions, by, git_name(root))
    # A name that is taken is said before anybody has judged.
    _path(root, record, slug, who)
    _write(root, record, slug, who, drawn, list(_judged(questions, record, drawn, claims)), dry_run=dry_run)


def _one_of(options: Mapping[str, bool]) -> None:
    given = [option for option, is_given in options.items() if is_given]
    if len(given) > 1:
        raise UsageError(f"{' and '.join(given)} exclude one another", "give one of them")


def _by_model(
    record: Record, drawn: Draw, folder: Path, locator: Path | None, precision: str, *, is_independent: bool
) -> tuple[Checker, list[Judged]]:
    """Return the model as a checker, with what it says of the drawn claims."""
    if not precision.strip() or "\n" in precision or len(precision) > _LONGEST_PRECISION:
        raise UsageError("--precision is one line, such as '0.87 on 300 claims of SciFact'")
    from colophon.model_judging import judgements  # noqa: PLC0415  an extra, slow to import
    from colophon.neural.embeddings import EmbeddingLocator  # noqa: PLC0415
    from colophon.neural.entailment import EntailmentJudge  # noqa: PLC0415

    judge = EntailmentJudge(folder)
    finder = EmbeddingLocator(locator) if locator is not None else None
    name = visible(folder.resolve().name)[:_LONGEST_NAME]
    checker = Checker(name, is_independent, Model(name, judge.network.sha256, precision))
    return checker, list(judgements(record, drawn, judge, finder))


def _write(
    root: Path,
    record: Record,
    slug: str | None,
    who: Checker,
    drawn: Draw,
    judged: list[Judged],
    *,
    dry_run: bool,
) -> None:
    if not judged:
        typer.echo("nothing was judged, and nothing was written")
        return
    path = _path(root, record, slug, who)
    text = checking.text(record.id, today(), who, drawn, judged)
    if dry_run:
        typer.echo(text, nl=False)
        return
    atomic.write(root / path, text.encode())
    typer.echo(f"wrote {prefix(root)}{path}: {counted(len(judged), 'claim')}")
    typer.echo(f"  next: colophon check --registry {root}")


def _who(questions: Questions, by: str | None, proposed: str) -> Checker:
    def named(answer: str) -> str:
        if not answer:
            raise UsageError("a name is needed: a judgement that nobody signs counts for nothing")
        return answer

    name = (by or "").strip() or questions.ask("Who judges?  Your name stays public.", named, proposed)
    question = "Are you independent: neither the publisher, nor its generator, nor working for them?"
    return Checker(name, questions.yes(question, default=False))


def _path(root: Path, record: Record, slug: str | None, who: Checker) -> str:
    path = checking.check_path(record.id, file_name(slug or slug_of(f"{who.name[:_NAME]} {today()}")))
    if (root / path).exists():
        raise UsageError(f"{prefix(root)}{path}: is filed already and stays as it is", "give another --name")
    return path


def _judged(questions: Questions, record: Record, drawn: Draw, claims: dict[str, Claim]) -> Iterator[Judged]:
    """Ask claim by claim; the end of the answers ends it."""
    for number, claim in enumerate(drawn.claims, 1):
        questions.say(f"\n{number} of {len(drawn.claims)}  {claim}  {claims[claim].text}")
        for line in _shown(record, claim):
            questions.say(f"  {line}")
        try:
            verdict, error = _verdict(questions)
        except typer.Abort:
            return
        try:
            source, locator, note = _reasons(questions, record)
        except typer.Abort:
            # The verdict was given; where and why need not be said.
            yield Judged(claim, verdict, error)
            return
        yield Judged(claim, verdict, error, source, locator, "", note)


def _shown(record: Record, claim: str) -> Iterator[str]:
    """Yield what was found for a claim: verdict, rule and passages."""
    stored = record.evidence.current
    found = next((one for one in stored.grounding.claims if one.claim == claim), None) if stored else None
    if found is None:
        yield "no passage was looked up; read the source"
        return
    yield f"{found.verdict or 'cut'}: {found.rule}"
    for span in (*found.spans, *found.runners_up):
        where = f"{span.source}{f', {span.table}' if span.table else ''}"
        yield f"{where}: ...{span.prefix or ''}[{span.quote or 'not stored'}]{span.suffix or ''}..."


def _verdict(questions: Questions) -> tuple[str, str]:
    """Return the verdict, and how wrong the claim is."""
    verdict = questions.choose("What does the source say?", _VERDICTS)
    error = "none"
    if verdict == "contradicted":
        error = questions.choose("How wrong is the claim?", _ERRORS[1:])
    elif verdict == "unclear":
        error = questions.choose("How wrong is the claim?", _ERRORS, "none")
    return verdict, error


def _reasons(questions: Questions, record: Record) -> tuple[str, str, str]:
    """Return in which source it stands, where in it, and why; what is not said is empty."""
    sources = {source.id: source for source in record.manifest.sources or ()}

    def known(answer: str) -> str:
        if answer and answer not in sources:
            raise UsageError(f"{answer} is none of {', '.join(sources)}")
        return answer

    cited = "; ".join(f"{one.id} {one.identifier}" for one in sources.values())
    source = questions.ask(f"In which source?  {cited}  (Enter: none)", known) if sources else ""
    locator = questions.ask("Where in it, such as Table 2?  (Enter: not said)", str) if source else ""
    return source, locator, questions.ask("Why, in a sentence?  (Enter: not said)", str)
