"""``colophon explain``"""

from pathlib import Path
from typing import Annotated, Any

import typer

from colophon import atomic, pipeline, rulebook, settings
from colophon.cli import app
from colophon.cli._options import RegistryOption, registry_folder
from colophon.errors import RegistryError, UsageError
from colophon.matching import did_you_mean, suggestion
from colophon.store import WorkTree


@app.command()
def explain(
    code: Annotated[
        str | None, typer.Argument(help="Code or slug of a rule, such as C101, or a tier or level.")
    ] = None,
    registry: RegistryOption = None,
    write: Annotated[
        Path | None, typer.Option("--write", metavar="DIR", help="Write one Markdown page per rule into DIR.")
    ] = None,
) -> None:
    """Explain a rule, a tier or a level.  Without a code, list all rules.

    Tiers and levels are those of --registry, or else those that the program carries.
    """
    rules = pipeline.rules()
    if write is not None:
        pages = rulebook.pages(rules)
        for name, text in pages.items():
            atomic.write(write / name, text.encode())
        typer.echo(f"wrote {len(pages)} pages to {write}/")
    elif code is None:
        for rule in rules.values():
            typer.echo(f"{rule.code}  {rule.slug:<28} {rulebook.weight(rule)}")
    else:
        by_slug = {rule.slug: rule for rule in rules.values()}
        found = rules.get(code.upper()) or by_slug.get(code.lower())
        names = rulebook.names(_vocabularies(registry))
        if found is not None:
            typer.echo(rulebook.text(found), nl=False)
        elif code.upper() in names:
            typer.echo(names[code.upper()], nl=False)
        else:
            spelled = {
                **{name: name for name in [*rules, *names]},
                **{slug.upper(): slug for slug in by_slug},
            }
            nearest = did_you_mean(code.upper(), spelled)
            meant = suggestion(spelled[nearest] if nearest else None)
            raise UsageError(f"there is no rule {code!r}{meant}", "colophon explain lists all rules")


def _vocabularies(registry: Path | None) -> dict[str, Any]:
    """Return the vocabularies of a registry, or those that the program carries."""
    if registry is None:
        return rulebook.released()
    loaded = settings.load(WorkTree(str(registry_folder(registry))))
    if loaded.settings is None:
        first = loaded.findings[0]
        raise RegistryError(
            f"{first.path}:{first.line} {first.code} {first.message}", "colophon check lists all"
        )
    return loaded.settings.vocabularies
