"""The command line: one file per command, found by its name."""

import errno
import importlib
import os
import pkgutil
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import NoReturn

import typer
from rich.console import Console

from colophon.characters import visible
from colophon.errors import EXIT_ENVIRONMENT, EXIT_USAGE, ColophonError, EnvironmentFault

stderr = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
_INTERRUPTED = 130
_NAME = 300  # characters of a path that stand in a line
# A full disk, a full quota, a file that may grow no more, a broken disk.
_UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
_interruptions: list[int] = []
_INTERRUPTION = "interrupted; nothing half-written was left"

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    invoke_without_command=True,
)


@app.callback()
def colophon(context: typer.Context) -> None:
    """Colophon keeps a registry of machine-generated literature syntheses and publishes it as a site."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def main() -> None:
    """Run one command and turn expected failures into one line and an exit code."""
    before = signal.signal(signal.SIGINT, _interrupt)
    try:
        _open_streams()
        code = _command()
    except (KeyboardInterrupt, typer.Abort):
        _fail(_INTERRUPTION, None, _INTERRUPTED)
    except Exception as error:
        if _interruptions:
            # Whatever Ctrl-C broke on its way out, it was Ctrl-C that ended the command.
            _fail(_INTERRUPTION, None, _INTERRUPTED)
        _tell(error)
        raise
    finally:
        signal.signal(signal.SIGINT, before)
    sys.exit(code)


def _open_streams() -> None:
    """Put the empty file where a stream was closed before the start, for it is None then.

    Raises EnvironmentFault when that is the output: whatever is asked for could not be told.
    """
    is_silent = sys.stdout is None
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115  open as long as the program
    if is_silent:
        raise EnvironmentFault("the output cannot be written: it is closed")


def _interrupt(number: int, frame: FrameType | None) -> None:
    _interruptions.append(number)
    raise KeyboardInterrupt


def _command() -> int:
    names = sorted(one.name for one in pkgutil.iter_modules(__path__) if not one.name.startswith("_"))
    asked = next((word for word in sys.argv[1:] if not word.startswith("-")), "").replace("-", "_")
    # What other commands need is not read for this one; whoever asks for none, or for help, gets them all.
    for name in [asked] if asked in names else names:
        importlib.import_module(f"colophon.cli.{name}")
    code = app(standalone_mode=False) or 0
    if code == _INTERRUPTED:
        # Typer turns Ctrl-C into this code without a word.
        raise KeyboardInterrupt
    sys.stdout.flush()
    return int(code)


def _tell(error: Exception) -> None:
    """End the program with one line if the failure is an expected one; return if it is a bug of ours."""
    if isinstance(error, ColophonError):
        _fail(error.message, error.hint, error.exit_code)
    if isinstance(error, typer.TyperException):
        _fail(error.format_message(), "colophon --help", EXIT_USAGE)
    if isinstance(error, OSError) and error.errno in _UNWRITABLE and error.filename is None:
        _drop_output()
        _fail(f"the output cannot be written: {error.strerror}", None, EXIT_ENVIRONMENT)
    if isinstance(error, OSError) and isinstance(error.filename, str):
        # What a person named cannot be read, or not at all: no permission, too long, a loop of links.
        _fail(f"{error.filename[:_NAME]}: {error.strerror}", None, EXIT_ENVIRONMENT)
    if isinstance(error, BrokenPipeError):
        _drop_output()
        # The reader of our output has gone, and needs no word.
        sys.exit(EXIT_ENVIRONMENT)


def _drop_output() -> None:
    """Point stdout elsewhere: what is left in its buffer cannot be written, and the interpreter would try."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(message: str, hint: str | None, code: int) -> NoReturn:
    stderr.print(f"colophon: {visible(message)}")
    if hint:
        stderr.print(f"  help: {visible(hint)}")
    sys.exit(code)
