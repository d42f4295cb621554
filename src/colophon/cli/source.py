"""``colophon source``"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from colophon import acquisition, atomic, canon
from colophon.acquisition import Acquired
from colophon.characters import visible
from colophon.cli import app
from colophon.cli._options import RegistryOption, file_name, opened, prefix, registry_folder, today
from colophon.errors import UsageError
from colophon.layout import KINDS
from colophon.lookup.identifiers import kind_of
from colophon.store import WorkTree

if TYPE_CHECKING:
    from colophon.lookup.settings import Settings

_ADDED_BY = "Colophon"

source = typer.Typer(
    no_args_is_help=True, help="Say what is held of a source: its text, a fingerprint, its status."
)
app.add_typer(source, name="source")

Identifier = Annotated[
    str,
    typer.Argument(metavar="IDENTIFIER", help="As records cite it: 2507.13374v1, 10.1000/xyz, an address."),
]
KindOption = Annotated[
    str | None,
    typer.Option("--kind", metavar="KIND", help=f"One of {', '.join(KINDS)}. Default: by its form."),
]
ByOption = Annotated[str, typer.Option("--by", metavar="NAME", help="Who adds it.")]
NameOption = Annotated[
    str,
    typer.Option("--name", metavar="NAME", help="Name of the file behind its day: 3 to 40 of a-z, 0-9, -."),
]


@source.command()
def add(
    identifier: Identifier,
    text: Annotated[
        Path | None,
        typer.Option("--text", metavar="FILE", help="The full text, or with --abstract that alone."),
    ] = None,
    pdf: Annotated[Path | None, typer.Option("--pdf", metavar="FILE", help="The full text as PDF.")] = None,
    metadata: Annotated[
        Path | None,
        typer.Option(
            "--metadata", metavar="FILE", help='JSON: {"title", "authors", "version", "abstract", "tables"}.'
        ),
    ] = None,
    fingerprint_only: Annotated[
        bool, typer.Option("--fingerprint-only", help="Store no text, whatever its license.")
    ] = False,
    abstract: Annotated[bool, typer.Option("--abstract", help="The text is the abstract alone.")] = False,
    license_id: Annotated[
        str | None,
        typer.Option(
            "--license",
            metavar="ID",
            help=f"License of the text; it is stored only under {', '.join(acquisition.OPEN_LICENSES)}.",
        ),
    ] = None,
    version: Annotated[
        str | None, typer.Option("--version", metavar="V", help="Version, such as v2.")
    ] = None,
    origin: Annotated[
        str, typer.Option("--origin", metavar="TEXT", help="Where it was read, in words.")
    ] = "",
    by: ByOption = _ADDED_BY,
    name: NameOption = "added",
    kind: KindOption = None,
    registry: RegistryOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the file, write nothing.")] = False,
) -> None:
    """Add what may be held of a source, from files on this machine.

    Without an open license only a fingerprint is stored: hashes of runs of words, which prove a borrowed
    passage and hold no sentence.
    """
    given = _read(text, pdf, metadata, abstract)
    open_ones = {one.casefold(): one for one in acquisition.OPEN_LICENSES}
    license_id = open_ones.get("-".join((license_id or "").casefold().split()), license_id)
    given |= {"version": version or given["version"], "license": license_id}
    kind = kind or kind_of(identifier)
    acquired = Acquired(kind, identifier, by, origin or _origin(text, pdf, metadata), today(), **given)
    document, faults = acquisition.holding(acquired, fingerprint_only=fingerprint_only)
    if faults:
        raise UsageError(f"the holding cannot be filed: {faults[0].pointer} {faults[0].message}")
    _write(document, name, registry, dry_run=dry_run)
    if given["text"] is not None and not fingerprint_only and license_id not in acquisition.OPEN_LICENSES:
        told = f"{visible(license_id)} is none" if license_id else "no license is given, such as one"
        typer.echo(f"  no sentence is stored: {told} of {', '.join(acquisition.OPEN_LICENSES)}", err=True)


@source.command()
def fetch(
    identifier: Identifier,
    contact: Annotated[
        str | None,
        typer.Option(
            "--contact",
            metavar="ADDRESS",
            envvar="COLOPHON_CONTACT",
            help="Mail or https address at which the services can reach you; sent with each request.",
        ),
    ] = None,
    by: ByOption = _ADDED_BY,
    name: NameOption = "fetched",
    kind: KindOption = None,
    registry: RegistryOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the file, write nothing.")] = False,
) -> None:
    """Ask arXiv, OpenAlex, Semantic Scholar and Crossref for title, versions and retraction status.

    Of the abstract a fingerprint is stored. Whether a paper was retracted is a dated snapshot of what the
    services said; where none answered it is unknown. Answers are kept for a day in the user's cache folder.
    Keys are read from COLOPHON_OPENALEX_KEY and COLOPHON_SEMANTIC_SCHOLAR_KEY.
    """
    # Slow to import, and no other command needs it.
    from colophon.lookup.asking import look_up  # noqa: PLC0415

    found = look_up(identifier, kind, _lookup_settings(contact))
    document, faults = acquisition.holding(acquisition.of_lookup(found, by, today()), fingerprint_only=True)
    if faults:
        raise UsageError(f"the answers cannot be filed: {faults[0].pointer} {faults[0].message}")
    _write(document, name, registry, dry_run=dry_run)
    for asked in found.asked:
        outcome = f"{asked.outcome}{f': {asked.reason}' if asked.reason else ''}"
        typer.echo(f"  {asked.service}: {visible(outcome)}", err=True)


def _lookup_settings(contact: str | None) -> "Settings":
    from colophon.lookup.settings import Settings  # noqa: PLC0415

    home = os.environ.get("XDG_CACHE_HOME")
    return Settings(
        contact=contact,
        cache=(Path(home) if home else Path.home() / ".cache") / "colophon" / "lookup",
        openalex_key=os.environ.get("COLOPHON_OPENALEX_KEY"),
        semantic_scholar_key=os.environ.get("COLOPHON_SEMANTIC_SCHOLAR_KEY"),
    )


def _read(text: Path | None, pdf: Path | None, metadata: Path | None, abstract: bool) -> dict[str, Any]:
    """Return what the given files say, by the names of the fields of what is acquired."""
    if text is not None and pdf is not None:
        raise UsageError("--text and --pdf are both given", "give one of them")
    if text is None and pdf is None and metadata is None:
        raise UsageError("nothing is given of the source", "give --text, --pdf or --metadata")
    given = acquisition.metadata_file(metadata) if metadata is not None else {}
    body, holds = given.pop("abstract", None), "abstract"
    if text is not None or pdf is not None:
        body = acquisition.text_file(text) if text is not None else acquisition.pdf_file(pdf or Path())
        holds = "abstract" if abstract else "full"
    authors, tables = given.pop("authors", None), given.pop("tables", None)
    return {
        "title": None, "version": None, "url": None, **given,
        "authors": None if authors is None else tuple(map(str, authors)),
        "tables": None if tables is None else tuple(tables),
        "text": body, "holds": holds if body is not None else "metadata",
    }  # fmt: skip


def _origin(*files: Path | None) -> str:
    return "files at hand: " + ", ".join(file.name for file in files if file is not None)


def _write(document: dict[str, Any], name: str, registry: Path | None, *, dry_run: bool) -> None:
    """Write a new holding, or print it."""
    folder = registry_folder(registry)
    opened(WorkTree(str(folder)))
    path, body = acquisition.path_of(document, file_name(name)), canon.dumps(document)
    if len(body) > canon.MAX_BYTES:
        raise UsageError(
            f"the holding has {len(body)} bytes, at most {canon.MAX_BYTES} are read", "shorten the text"
        )
    if dry_run:
        typer.echo(body.decode(), nl=False)
        return
    target = folder / path
    if target.exists():
        raise UsageError(
            f"{prefix(folder)}{path}: is filed already and stays as it is", "give another --name"
        )
    atomic.write(target, body)
    typer.echo(f"wrote {prefix(folder)}{path}")
    typer.echo(f"  {visible(_held(document))}")
    typer.echo(f"  next: colophon check --registry {folder}")


def _held(document: dict[str, Any]) -> str:
    what = {"full": "full text", "abstract": "abstract", "metadata": "metadata"}[document["holds"]]
    if document["text"] is not None:
        return f"{what}, stored: {document['length']} characters under {document['license']['id']}"
    if document["fingerprint"] is not None:
        print_ = document["fingerprint"]
        return f"{what}, as fingerprint: {len(print_['hashes'])} hashes of {print_['words']} words"
    return what
