"""What goes to the screen: results to stdout, everything said on the way to stderr."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from rich.console import Console
from rich.table import Table as Grid

from injerto.errors import OutputError


def errors() -> Console:
    """The console of messages. Made anew each time, because tests and notebooks exchange sys.stderr."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def results() -> Console:
    """The console of results."""
    return Console(highlight=False)


def say(sentence: str) -> None:
    """One sentence on the way."""
    errors().print(sentence, markup=False)


def fail(message: str) -> None:
    """The message of a mistake."""
    console = errors()
    console.print("Error: ", style="bold red", end="")
    console.print(message, markup=False)


def tell(sentence: str) -> None:
    """One sentence of a result. It belongs on stdout, where the tables are."""
    with _told():
        results().print(sentence, markup=False, soft_wrap=True)


def grid(*columns: str, rows: list[list[str]], title: str | None = None) -> None:
    """A table of results. Cells wrap rather than being cut; what the user wrote is never read as markup."""
    table = Grid(title=title, title_justify="left", show_edge=False, pad_edge=False)
    for name in columns:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(cell.replace("[", r"\[") for cell in row))
    with _told():
        results().print(table)


def print_json(data: Any) -> None:
    """`data` as JSON on stdout and nothing else. What is not a number becomes null, as JSON asks."""
    with _told():
        typer.echo(json.dumps(_finite(data), ensure_ascii=False, indent=1, allow_nan=False))


@contextmanager
def _told() -> Iterator[None]:
    """*Raises* OutputError when stdout leads to a full disk. A reader that has gone, as in `| head`, is no mistake."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(
            f"The results cannot be written to standard output: {error.strerror or error}. Send them somewhere with room."
        ) from error


def _finite(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _finite(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_finite(value) for value in data]
    if isinstance(data, float) and (data != data or data in (float("inf"), float("-inf"))):
        return None
    return data
