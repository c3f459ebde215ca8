"""`injerto explain`: why one row is answered as it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import injerto
from injerto.cli.console import grid, print_json, say, tell
from injerto.cli.options import JsonOption, LanguageOption, ModelArgument, TableArgument
from injerto.cli.output import new_file
from injerto.cli.promises import require_shares
from injerto.cli.watcher import watcher
from injerto.lookup.one_line import one_line
from injerto.whole_file import write_whole

if TYPE_CHECKING:
    from injerto.explain.explanation import Explanation

_SHOWN, _WIDTH = 10, 40


def explain(
    model: ModelArgument,
    table: TableArgument,
    row: Annotated[
        int,
        typer.Option(
            "--row",
            "-r",
            metavar="N",
            help="Which row, counted from 0 as in the column 'row' of answers.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="PAGE.html", help="Where the page goes.", show_default=False),
    ] = None,
    among: Annotated[
        Path | None,
        typer.Option(
            "--among",
            metavar="TABLE",
            help="The training table, or another with labels: rows of it that are most like this one are shown, and "
            "contributions are told against its rows.",
            show_default=False,
        ),
    ] = None,
    max_error: Annotated[
        float,
        typer.Option("--max-error", metavar="SHARE", help="Say whether it would answer where at most this share may be wrong."),
    ] = 0.05,
    lang: LanguageOption = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the page if it exists.")] = False,
    json: JsonOption = False,
) -> None:
    """Explain the answer to one row on one page.

    Heat maps show where in a photo, and when and how high in a sound, the model found what speaks for its answer; each is
    tried by erasing what it points at. Bars show what each column did to the answer. Beside them: how unlike the training rows
    the row is, whether the model would rather not answer, and rows like it.

    Example: injerto explain birds.model new_birds.csv --row 3 --among birds.csv --out why.html
    """
    if out is not None:
        new_file(out, suffixes=(".html", ".htm"), force=force)
    require_shares(max_error, None)
    trained = injerto.load(model)
    others = None if among is None else injerto.Table.read(among)
    found = trained.explain(injerto.Table.read(table), row, among=others, max_error=max_error, progress=watcher())
    if out is not None:
        page = trained.explain_page(found, model=model.name, language=lang)
        write_whole(out, lambda file: file.write(page.encode()))
    if json:
        print_json(found.to_json())
    else:
        _show(found)
        if out is not None:
            say(f"The page is {out}.")


def _show(found: Explanation) -> None:
    for line in found.lines():
        tell(line)
    for one in found.contributions:
        cells = dict(found.cells)
        rows = [
            [one_line(name, _WIDTH), one_line(cells.get(name, ""), _WIDTH), f"{value:+.3g}", f"{error:.2g}"]
            for name, value, error in one.ranked[:_SHOWN]
        ]
        grid("column", "here", "contribution", "standard error", rows=rows, title=f"\n{one.asked.words}")
    if found.nearest:
        rows = [
            [
                "" if one.row is None else str(one.row),
                f"{one.likeness:.2f}",
                ", ".join(f"{name} {one_line(value, _WIDTH)}" for name, value in one.cells[:3]),
            ]
            for one in found.nearest
        ]
        grid("row", "alike", "what it is", rows=rows, title="\nRows like it")
    for note in found.notes:
        say(f"Note: {note}")
