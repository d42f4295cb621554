"""The command line: one file per command, found by its name."""

import importlib
import os
import pkgutil
import sys
from typing import Any

import click
import typer
from rich.console import Console
from typer.core import TyperGroup

from colophon.characters import visible
from colophon.errors import EXIT_ENVIRONMENT, EXIT_USAGE, ColophonError
from colophon.matching import did_you_mean

stderr = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
_INTERRUPTED = 130


class Commands(TyperGroup):
    """Names the nearest command for an unknown one."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Return the command, or fail with a suggestion."""
        if args and self.get_command(ctx, args[0]) is None:
            nearest = did_you_mean(args[0], self.list_commands(ctx))
            meant = f"; did you mean {nearest!r}?" if nearest else ""
            raise click.UsageError(f"there is no command {visible(args[0])!r}{meant}")
        return super().resolve_command(ctx, args)


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Colophon keeps a registry of machine-generated literature syntheses and publishes it as a site.",
)


def main() -> None:
    """Run one command and turn expected failures into one line and an exit code."""
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda item: item.name):
        if not module.name.startswith("_"):
            importlib.import_module(f"colophon.cli.{module.name}")
    try:
        sys.exit(app(standalone_mode=False) or 0)
    except ColophonError as error:
        _fail(error.message, error.hint, error.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        sys.exit(EXIT_USAGE)
    except click.ClickException as error:
        _fail(error.format_message(), "colophon --help", EXIT_USAGE)
    except (KeyboardInterrupt, click.Abort):
        _fail("interrupted; nothing half-written was left", None, _INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output has gone; point stdout elsewhere so that the interpreter exits quietly.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(EXIT_ENVIRONMENT)


def _fail(message: str, hint: str | None, code: int) -> None:
    stderr.print(f"colophon: {visible(message)}")
    if hint:
        stderr.print(f"  help: {visible(hint)}")
    sys.exit(code)
