"""The command line as a whole: its verbs, its version, and how a mistake leaves the program."""

from __future__ import annotations

import errno
import os
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

import injerto
from injerto.cli.backbones import app as backbones
from injerto.cli.check import check
from injerto.cli.clips import clips
from injerto.cli.compare import compare
from injerto.cli.console import fail
from injerto.cli.correct import correct
from injerto.cli.drift import drift
from injerto.cli.embeddings import embeddings
from injerto.cli.evaluate import evaluate
from injerto.cli.exits import INTERRUPTED, SOME_ROWS_UNUSED
from injerto.cli.explain import explain
from injerto.cli.export import export
from injerto.cli.gallery import app as gallery
from injerto.cli.identify import identify
from injerto.cli.listen import listen
from injerto.cli.predict import predict
from injerto.cli.recipe import app as recipe
from injerto.cli.serve import serve
from injerto.cli.studio import studio
from injerto.cli.train import train
from injerto.errors import InjertoError
from injerto.version import __version__


class Verbs(TyperGroup):
    """Values that no option takes are told without the name of the class that refused them."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except typer.BadParameter as slip:
            slip.message = slip.message.removeprefix("Value error, ")
            raise


app = typer.Typer(
    name="injerto",
    cls=Verbs,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
for verb in (check, clips, train, predict, explain, evaluate, correct, compare, drift, identify, listen, embeddings):
    app.command()(verb)
for door in (export, serve, studio):
    app.command()(door)
app.add_typer(gallery, name="gallery")
app.add_typer(backbones, name="backbones")
app.add_typer(recipe, name="recipe")


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"injerto {__version__}")
        raise typer.Exit


@app.callback()
def program(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """From one table of numbers, categories, dates, photos and sounds to a model you can trust.

    Start with: injerto check TABLE, then: injerto train TABLE --target COLUMN --out MODEL
    """


_GOES_ON = {
    verb: f" {work} goes on where it was when the same command is given again."
    for verb, work in {"train": "Training", "listen": "Listening", "recipe": "The recipe"}.items()
}
"""What is said of verbs whose work is kept."""


def run() -> None:
    """Run the command line. Mistakes with a name leave as one message, without a traceback."""
    try:
        injerto.lead(app) if launched() else app()
    except InjertoError as error:
        fail(str(error))
        sys.exit(1)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        fail("There is no space left on the disk that the output goes to. Free some, or send it elsewhere.")
        sys.exit(1)
    except KeyboardInterrupt:  # while options are made ready or an answer is printed, where Typer does not look
        fail(_interrupted())
        sys.exit(INTERRUPTED)
    except SystemExit as stop:
        if stop.code == INTERRUPTED:
            fail(_interrupted())
        raise


def launched() -> bool:
    """Whether `torchrun` started this process and others beside it."""
    return "TORCHELASTIC_RUN_ID" in os.environ and int(os.environ.get("WORLD_SIZE", "1")) > 1


def _interrupted() -> str:
    return f"Interrupted.{_GOES_ON.get(''.join(sys.argv[1:2]), '')}"


def main() -> None:
    """Run the command line as a process of its own, and end it at once.

    Everything is written and closed by then, and torch's own farewell takes half a second, a quarter of a `predict`.
    """
    code = 0
    try:
        run()
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    if code == SOME_ROWS_UNUSED and launched():
        code = 0  # torchrun would call the run a failure
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:  # the reader of the output has gone, or the disk is full, which was said
        code = code or 1
    os._exit(code)
