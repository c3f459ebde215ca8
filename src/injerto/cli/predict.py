"""`injerto predict`: a model's answers for the rows of a table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import injerto
from injerto.cli.console import print_json, say
from injerto.cli.exits import SOME_ROWS_UNUSED
from injerto.cli.ledger import list_unused
from injerto.cli.options import CoverageOption, JsonOption, MaxErrorOption, MemoryOption, ModelArgument, OnOption, TableArgument
from injerto.cli.point_files import PointFormat, answer_format, require_points, write_answers
from injerto.cli.promises import require_shares
from injerto.cli.watcher import watcher

if TYPE_CHECKING:
    from injerto.told import Told

# More than this share of values that training never showed deserves a sentence.
_UNSEEN_WORTH_SAYING = 0.01
_WHOLE_LIST = "--json lists them all"


def predict(
    model: ModelArgument,
    table: TableArgument,
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE",
            help="Where the answers go: .csv, .tsv or .parquet; .json for points in COCO's format.",
            show_default=False,
        ),
    ],
    format: Annotated[
        PointFormat | None,
        typer.Option(
            "--format",
            help="Of points on photos: coco (.json) or deeplabcut (.csv). Without it, told from the ending of --out.",
            show_default=False,
        ),
    ] = None,
    max_error: MaxErrorOption = None,
    coverage: CoverageOption = None,
    unlike: Annotated[
        bool,
        typer.Option(
            "--unlike",
            help="Add how unlike the training rows each row is: 'familiarity' of the row and of each column, 0 to 1, and "
            "'unlike', the column by which a row is strange.",
        ),
    ] = False,
    memory: MemoryOption = None,
    on: OnOption = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
    json: JsonOption = False,
) -> None:
    """Answer every row of a table, with probabilities.

    The answers have one line for each row, in the table's order, with its number from 0 and what names it: its files or,
    in a table without files, the columns that training left out as names of single rows. A row that cannot be used keeps
    its line: its answer is empty and the column 'problem' says why. Exit code 3 when there are such rows.

    With --unlike the share of rows held out in training that were at least as strange stands beside each answer: 0.05 or less
    is unlike anything the model has seen. Without it, a note says when more rows are so than chance allows.

    A model of keypoints answers with NAME_x and NAME_y in pixels, NAME_radius of the circle that holds nine of ten true
    places, NAME_confidence and NAME_in_picture. TABLE may then be a mere folder of photos.

    Example: injerto predict penguins.model new_birds.csv --out answers.csv

    Example: injerto predict penguins.model new_birds.csv --out answers.csv --max-error 0.05 --coverage 0.9

    Example: injerto predict faces.model photos --out faces.json

    Example: injerto predict penguins.model photos --out answers.parquet --on ray://10.0.0.5:6379
    """
    require_shares(max_error, coverage)
    written = answer_format(out, format, force=force)
    trained = injerto.load(model)
    if written is not None:
        require_points(trained.schema, written)
    if unlike:
        trained.require_reference()
    rows = injerto.Table.read(table) if written else injerto.open_table(table, memory=memory)
    notes: Sequence[str] = ()
    if isinstance(rows, injerto.LongTable):
        found = trained.predict_into(
            rows, out, max_error=max_error, coverage=coverage, unlike=unlike, on=on, force=force, progress=watcher()
        )
    else:
        answers = trained.predict(rows, max_error=max_error, coverage=coverage, on=on, progress=watcher())
        answers = answers.with_unlike() if unlike else answers
        found, notes = answers.told, write_answers(out, written, answers)
    list_unused(found.ledger, whole_list=_WHOLE_LIST if written else f"the column 'problem' of {out} has them all")
    if found.unused > len(found.ledger.rows):
        say(f"These are the first; {found.unused:,} rows in all could not be used.")
    if json:
        shown = _as_json(found, out)
        print_json(shown | {"notes": list(notes)} if written else shown)
    else:
        _tell(found, out, notes, decided=max_error is not None)
    if found.unused:
        raise typer.Exit(SOME_ROWS_UNUSED)


def _as_json(found: Told, out: Path) -> dict[str, Any]:
    unused = [{"row": one.row, "column": one.column, "file": one.file, "reason": one.reason} for one in found.ledger]
    shown = {
        "rows": found.rows,
        "out": str(out),
        "unused": unused,
        "unused_rows": found.unused,
        "unseen": found.unseen,
        "empty": found.empty,
    }
    shown |= {"promises": list(found.promises), "decisions": found.ranked} if found.promises else {}
    return shown | ({} if found.unlike is None else {"unlike": found.unlike.to_json()})


def _tell(found: Told, out: Path, notes: Sequence[str], *, decided: bool) -> None:
    for column in found.empty:
        say(f"Note: '{column}' is empty in every row; the answers had to do without it.")
    for column, share in found.unseen.items():
        if share >= _UNSEEN_WORTH_SAYING:
            say(f"Note: {share:.1%} of the values of '{column}' lie outside what the model was trained on.")
    if found.unlike is not None and found.unlike.more_than_chance:
        say(f"Note: {found.unlike.words}")
    for note in (*found.promises, *notes):
        say(f"Note: {note}")
    for name, counts in found.ranked.items() if decided else ():
        say(f"'{name}': " + ", ".join(f"{count:,} {said}" for said, count in counts.items()) + ".")
    say(f"{found.rows:,} rows written to {out}.")
