"""Exit codes of every command."""

from __future__ import annotations

from yiwang.kernel.errors import BadInput, NotVisible, YiwangError

OK = 0
"""Done."""
FAILED = 1
"""The command ran, and what it checked does not hold, or the act was refused."""
USAGE = 2
"""Wrong words on the command line, or bad input: a file, line or field."""
ENVIRONMENT = 3
"""The machine is not ready: database, disk, port, folder."""
FAULT = 70
"""A fault of the program; its traceback is on the standard error."""


def code_of(error: YiwangError) -> int:
    """The exit code for an error with a message for the user."""
    if isinstance(error, BadInput | NotVisible):
        return USAGE
    return ENVIRONMENT if error.status == 503 else FAILED
