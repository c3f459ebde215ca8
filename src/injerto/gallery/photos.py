"""The table of a gallery's photos: its columns, and names written one way."""

from __future__ import annotations

import datetime as dt
import unicodedata

import polars as pl

from injerto.errors import GalleryError, did_you_mean

COLUMNS: dict[str, pl.DataType] = {
    "individual": pl.String(),
    "photo": pl.String(),
    "sighting": pl.String(),
    "flank": pl.String(),
    "digest": pl.String(),
    "added": pl.String(),
    "origin": pl.String(),
    "thumbnail": pl.Binary(),
}
"""What is known of each photo: whose it is, its name as the user gave it, the sighting it was taken at, the side that is seen,
the SHA-256 of its bytes, the day it was added, the table it came from, and itself as a small JPEG."""

NEEDED = ("individual", "photo", "digest")
"""Without these a photo cannot be in a gallery; the rest may be empty."""


def clean_name(name: str) -> str:
    """A name in Unicode's NFC without blanks around it, so that one name has one spelling for the machine.

    Example:
        >>> clean_name("  Zoe\u0308 ")
        'Zoë'
    """
    return unicodedata.normalize("NFC", name).strip()


def photo_table(frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` with all of `COLUMNS` in their order: names cleaned, blanks empty, what is missing filled in.

    *Raises* GalleryError when one of `NEEDED` is missing, or a column is not one of these.
    """
    lacking = [name for name in NEEDED if name not in frame.columns]
    if lacking:
        raise GalleryError(f"Photos for a gallery need the columns {', '.join(NEEDED)}; missing: {', '.join(lacking)}.")
    for name in frame.columns:
        if name not in COLUMNS:
            raise GalleryError(
                f"A gallery has no column '{name}'.{did_you_mean(name, COLUMNS)} Its columns: {', '.join(COLUMNS)}."
            )
    today = dt.date.today().isoformat()
    blank = {name: pl.lit(today if name == "added" else None, dtype=kind) for name, kind in COLUMNS.items()}
    whole = frame.with_columns(**{name: fill for name, fill in blank.items() if name not in frame.columns})
    whole = whole.select(pl.col(name).cast(kind) for name, kind in COLUMNS.items())
    names = [None if name is None else clean_name(name) or None for name in whole["individual"]]
    return whole.with_columns(
        pl.Series("individual", names, dtype=pl.String()),
        *(_unblank(name) for name in ("sighting", "flank")),
        pl.col("added").fill_null(today),
        pl.col("origin").fill_null(""),
    )


def no_photos() -> pl.DataFrame:
    """The table of a gallery without photos."""
    return pl.DataFrame(schema=COLUMNS)


def _unblank(name: str) -> pl.Expr:
    stripped = pl.col(name).str.strip_chars()
    return pl.when(stripped != "").then(stripped).alias(name)
