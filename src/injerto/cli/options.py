"""Arguments and options that several verbs share, declared once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from injerto.report.language import LanguageCode

TableArgument = Annotated[
    str,
    typer.Argument(
        metavar="TABLE",
        help="A csv, tsv, Excel, parquet or arrow file, or a folder with one folder of photos or sounds for each class; also "
        "an address (s3://, gs://, https://).",
        show_default=False,
    ),
]
ModelArgument = Annotated[
    Path, typer.Argument(metavar="MODEL", help="A model folder that 'injerto train' wrote.", show_default=False)
]
TargetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--target",
        "-t",
        metavar="COLUMN[:KIND]",
        help="A column to predict; KIND is class, classes (several labels in a cell), number, or individual (who a photo "
        "shows). May be repeated.",
        show_default=False,
    ),
]
InputOption = Annotated[
    list[str] | None,
    typer.Option(
        "--input",
        "-i",
        metavar="COLUMN:KIND",
        help="Take a column for KIND: number, category, categories (several in a cell), date, image or sound. May be repeated.",
        show_default=False,
    ),
]
DropOption = Annotated[
    list[str] | None,
    typer.Option("--drop", metavar="COLUMN", help="Do not learn from this column. May be repeated.", show_default=False),
]
SchemaOption = Annotated[
    Path | None,
    typer.Option(
        "--schema",
        metavar="FILE",
        help="A schema in TOML, as 'injerto check --write' makes it. What is given beside it replaces what it says.",
        show_default=False,
    ),
]
GroupOption = Annotated[
    str | None,
    typer.Option(
        "--group",
        metavar="COLUMN",
        help="Rows with the same value here stay together: an animal, a recording, a patient.",
        show_default=False,
    ),
]
GroupPartOption = Annotated[
    str | None,
    typer.Option(
        "--group-part",
        metavar="REGEX",
        help="Of --group: the part of its cells that must be the same, in brackets: '^([0-9]+)-' is 101 in 101-3-0.wav.",
        show_default=False,
    ),
]
GroupSecondsOption = Annotated[
    float | None,
    typer.Option(
        "--group-seconds",
        metavar="SECONDS",
        help="Of --group with a column of photos: those taken so soon after the one before, by name or EXIF, stay together.",
        show_default=False,
    ),
]
NoGroupOption = Annotated[
    bool,
    typer.Option(
        "--no-group",
        help="No rows belong together. Without it, recordings and bursts are looked for in names and photos, and "
        "near-duplicates among photos and sounds.",
    ),
]
TimeOption = Annotated[
    str | None,
    typer.Option("--time", metavar="COLUMN", help="Test on the latest rows by this column.", show_default=False),
]
SplitOption = Annotated[
    str | None,
    typer.Option("--split", metavar="COLUMN", help="A column that says train, tune or test for each row.", show_default=False),
]
FoldsOption = Annotated[
    int | None,
    typer.Option(
        "--folds",
        metavar="NUMBER",
        help="Also score over so many folds of the rows that do not test. Costs as many more trainings, times --repeats.",
        show_default=False,
    ),
]
RepeatsOption = Annotated[
    int | None,
    typer.Option("--repeats", metavar="NUMBER", help="Of --folds: draw the folds so many times.", show_default=False),
]
KeypointsOption = Annotated[
    bool,
    typer.Option(
        "--keypoints", help="Learn to find points on photos: every pair of columns NAME_x and NAME_y is one, in pixels."
    ),
]
MirrorOption = Annotated[
    list[str] | None,
    typer.Option(
        "--mirror",
        metavar="LEFT:RIGHT",
        help="Of keypoints: two points that change places in a mirrored photo. Without it, their names tell. May be repeated.",
        show_default=False,
    ),
]
NoMirrorOption = Annotated[bool, typer.Option("--no-mirror", help="Of keypoints: do not mirror photos in training.")]
SourceOption = Annotated[
    str | None,
    typer.Option(
        "--source",
        metavar="COLUMN",
        help="Of keypoints: who placed the points; answers to a row follow the habits of the one it names.",
        show_default=False,
    ),
]
SightingOption = Annotated[
    str | None,
    typer.Option(
        "--sighting",
        metavar="COLUMN",
        help="Of individuals: which photos are of one sighting; they are kept together and never compared. Found by its name.",
        show_default=False,
    ),
]
FlankOption = Annotated[
    str | None,
    typer.Option(
        "--flank",
        metavar="COLUMN",
        help="Of individuals: which side is seen, where each has marks of its own. Found by its name.",
        show_default=False,
    ),
]
LanguageOption = Annotated[
    LanguageCode | None,
    typer.Option(
        "--lang",
        help="The language of pages: en or es. Without it, the one that the model was trained with (en if none was said).",
        show_default=False,
    ),
]
PageLanguageOption = Annotated[
    LanguageCode | None,
    typer.Option("--lang", help="The language of the page: en or es. Without it, that of the browser.", show_default=False),
]
MaxErrorOption = Annotated[
    float | None,
    typer.Option(
        "--max-error",
        metavar="SHARE",
        help="Answer only so many rows that at most this share of the answers is expected to be wrong, such as 0.05; "
        "NAME_decision says 'cannot tell' of the others.",
        show_default=False,
    ),
]
CoverageOption = Annotated[
    float | None,
    typer.Option(
        "--coverage",
        metavar="SHARE",
        help="Print sets of classes, intervals of numbers or radii of points that hold the truth in this share of rows, "
        "such as 0.9.",
        show_default=False,
    ),
]
MemoryOption = Annotated[
    str | None,
    typer.Option(
        "--memory",
        metavar="SIZE",
        help="About how much memory the rows may take, such as 8GB; a table that needs more is read piece by piece. "
        "Without it, a good half of what is free.",
        show_default=False,
    ),
]
OnOption = Annotated[
    str | None,
    typer.Option(
        "--on",
        metavar="ray[://ADDRESS]",
        help="Work on a Ray cluster: 'ray' for the one that this machine is part of, 'ray://HOST:PORT' for another, "
        "'ray://auto' for one that must run already. Its machines must see the files.",
        show_default=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON on stdout; all else goes to stderr.")]
