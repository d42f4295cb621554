"""Errors that end a command: one line for people, an exit code for machines.

Wrong data is never an exception, it is a :class:`colophon.model.Finding`.  These are for wrong use
and for an environment that cannot do what was asked.  Anything else that is raised is a bug of ours.
"""

from typing import ClassVar

EXIT_CLEAN = 0
EXIT_FINDINGS = 1
EXIT_USAGE = 2
EXIT_ENVIRONMENT = 3


class ColophonError(Exception):
    """A failure that the command line shows as one message.

    ``message`` says what is and what was expected; ``hint`` is the next command or step.
    """

    exit_code: ClassVar[int] = EXIT_USAGE

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(ColophonError):
    """The command was given something that it cannot work on."""


class RegistryError(ColophonError):
    """The folder is no registry, or the registry's own settings cannot be read."""


class ReportError(ColophonError):
    """A report that cannot be ingested."""


class EnvironmentFault(ColophonError):
    """The machine refuses: disk full, target read-only, a program missing."""

    exit_code: ClassVar[int] = EXIT_ENVIRONMENT
