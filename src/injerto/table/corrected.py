"""A table with the labels that a person corrected in a list of suspects."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from injerto.errors import TableError, did_you_mean
from injerto.table.table import Table
from injerto.table.words import words

NEEDED = ("row", "target", "label", "corrected")
_NAMED = 5


def corrected(table: Table, suspects: Table) -> tuple[Table, int]:
    """`table` with every filled cell of `corrected` as the label of its row, and how many labels changed.

    `suspects` has the columns of a model's suspects.csv: `row` counts from 0, `target` names the column, `label` is what stood
    there when the list was made.

    *Raises* TableError when it is no such list, or was made from another table; nothing is changed then.
    """
    missing = [name for name in NEEDED if name not in suspects.columns]
    if missing:
        hint = " The points of photos are corrected in the table itself." if "point" in suspects.columns else ""
        raise TableError(
            f"{suspects.name} lacks the column {_listed(missing)} of a list of suspects. Give the suspects.csv of a model of "
            f"classes or numbers, with the right labels in its column 'corrected'.{hint}"
        )
    filled = suspects.frame.with_columns(corrected=words(suspects.frame["corrected"])).filter(pl.col("corrected").is_not_null())
    frame, changed = table.frame, 0
    for (target,), part in filled.group_by("target", maintain_order=True):
        if target not in table.columns:
            near = did_you_mean(str(target), table.columns)
            raise TableError(f"The list names the column '{target}', which the table {table.name} does not have.{near}")
        before = words(table.frame[str(target)])
        rows, labels = _rows(part, len(table), table.name), words(part["label"]).to_list()
        torn = [row for row, label in zip(rows, labels, strict=True) if not _same(before[row], label)]
        if torn:
            raise TableError(
                f"{len(torn)} of {len(rows)} rows have another '{target}' than the list says, such as row {torn[0]}: "
                f"'{before[torn[0]]}' in the table, '{labels[rows.index(torn[0])]}' in the list. Give the table that the model "
                "was trained on, as it was then."
            )
        answers = part["corrected"].to_list()
        frame = frame.with_columns(_replaced(frame[str(target)], rows, answers))
        changed += sum(not _same(answer, label) for answer, label in zip(answers, labels, strict=True))
    return replace(table, frame=frame), changed


def _same(first: str | None, second: str | None) -> bool:
    """Whether two cells say the same: a list is read on its own, and 7 and 7.0, or 2.50 and 2.5, are one number."""
    return first == second or (None not in (numbers := [_number(first), _number(second)]) and numbers[0] == numbers[1])


def _number(word: str | None) -> float | None:
    try:
        return None if word is None else float(word)
    except ValueError:
        return None


def _rows(part: pl.DataFrame, count: int, name: str) -> list[int]:
    """Whole numbers of rows that are there, each once."""
    found = part["row"].cast(pl.Int64, strict=False).to_list()
    wrong = [str(given) for given, row in zip(part["row"].to_list(), found, strict=True) if row is None or not 0 <= row < count]
    if wrong:
        raise TableError(
            f"The list names rows that the table {name} does not have: {_listed(wrong)}. It has rows 0 to {count - 1}."
        )
    twice = [str(row) for row in dict.fromkeys(found) if found.count(row) > 1]
    if twice:
        raise TableError(f"The list corrects rows more than once: {_listed(twice)}. Keep one line for each.")
    return found


def _replaced(values: pl.Series, rows: list[int], answers: list[str]) -> pl.Series:
    """*Raises* TableError when an answer is not of the column's type."""
    fresh = pl.Series(answers)
    if values.dtype in (pl.Categorical, pl.Enum):
        values = values.cast(pl.String)
    if values.dtype == pl.Boolean:
        fresh = fresh.str.to_lowercase().replace_strict({"true": True, "false": False}, default=None, return_dtype=pl.Boolean)
    elif values.dtype != pl.String:
        fresh = fresh.cast(values.dtype, strict=False)
    wrong = [answer for answer, read in zip(answers, fresh.to_list(), strict=True) if read is None]
    if wrong:
        raise TableError(
            f"Column '{values.name}' holds {values.dtype}, and the list corrects it to {_listed(wrong)}. "
            f"{_advice(values.dtype)}"
        )
    return values.scatter(rows, fresh)


def _advice(dtype: pl.DataType) -> str:
    if dtype.is_float():
        return "Write numbers, with a point before the decimals."
    if dtype.is_integer():
        return "Write whole numbers, or make the column one of decimals or text in the table."
    if dtype == pl.Boolean:
        return "Write true or false."
    return "Write such values, or make the column text."


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(f"'{name}'" for name in names[:_NAMED]) + more
