"""`injerto export`: a model for other programs, and for a model hub."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import injerto
from injerto.cli.console import print_json, tell
from injerto.cli.options import CoverageOption, JsonOption, MaxErrorOption, ModelArgument
from injerto.cli.promises import require_shares
from injerto.cli.watcher import watcher


def export(
    model: ModelArgument,
    onnx: Annotated[
        Path | None,
        typer.Option(
            "--onnx",
            metavar="DIR",
            help="Where a folder with an ONNX graph goes, and a script that asks it without Injerto. Needs --check.",
            show_default=False,
        ),
    ] = None,
    hf: Annotated[
        Path | None,
        typer.Option(
            "--hf",
            metavar="DIR",
            help="Where a folder goes in the layout of Hugging Face, ready to push: it opens in Injerto, and no row of your "
            "table is in it.",
            show_default=False,
        ),
    ] = None,
    check: Annotated[
        Path | None,
        typer.Option(
            "--check",
            metavar="TABLE",
            help="Rows to compare the exported answers on, such as the table it was trained on; labels are not needed.",
            show_default=False,
        ),
    ] = None,
    max_error: MaxErrorOption = None,
    coverage: CoverageOption = None,
    licence: Annotated[
        str | None,
        typer.Option(
            "--licence",
            metavar="SPDX",
            help="Of --hf: the licence you give the model, such as cc-by-4.0. Those of pretrained networks are listed with it.",
            show_default=False,
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace what was exported there before.")] = False,
    json: JsonOption = False,
) -> None:
    """Write a model for other programs.

    --onnx makes one graph with all that happens to a row in it, a script of a few lines that needs only onnxruntime, numpy and,
    for files, Pillow or soundfile, and a page that says what goes in and what comes out. The script is asked of rows of --check
    first: nothing is written when an answer differs by more than 0.0001. --max-error and --coverage go into the graph: it says
    of which rows it cannot tell, and gives sets and intervals, as predict does with them.

    --hf makes a folder for a model hub: model card, safetensors, schema.

    Example: injerto export birds.model --onnx birds.onnx --check birds.csv

    Example: injerto export birds.model --onnx birds.onnx --check birds.csv --max-error 0.05

    Example: injerto export birds.model --hf birds --licence cc-by-4.0
    """
    require_shares(max_error, coverage)
    trained = injerto.load(model)
    rows = None if check is None else injerto.Table.read(check)
    found = trained.export(
        onnx=onnx,
        hf=hf,
        check=rows,
        max_error=max_error,
        coverage=coverage,
        licence=licence,
        force=force,
        progress=watcher(),
    )
    if json:
        parity = found.parity
        told = None
        if parity is not None:
            told = {"rows": parity.rows, "difference": parity.difference, "as_read": parity.as_read}
            told |= {"from_predict": parity.as_predicted, "other_words": parity.other_words}
        print_json({"onnx": _text(found.onnx), "hf": _text(found.hf), "parity": told})
        return
    if found.onnx is not None and found.parity is not None:
        tell(f"{found.parity.words} ONNX: {found.onnx}; see README.md there, and: python {found.onnx / 'predict.py'}")
    if found.hf is not None:
        tell(
            f"Ready to push: {found.hf}. Read README.md there first; then: hf upload USER/{found.hf.resolve().name} {found.hf}"
        )


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)
