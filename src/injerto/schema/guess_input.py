"""What an input column is taken for, and why, in words for the person whose table it is."""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from injerto.schema.bags import bag_in
from injerto.schema.facts import Facts, known
from injerto.schema.guess import Guess, counted
from injerto.schema.guess_media import guess_media
from injerto.schema.schema import InputKind
from injerto.table.column import Column

Rule = Callable[[Column, Facts], Guess[InputKind] | None]

FEWEST_FOR_IDENTIFIER = 10
"""Below so many rows, values that all differ say nothing."""
MOST_DISTINCT = 0.9
"""Share of different values from which text names single rows."""
FEWEST_FILLED = 0.01
_FREE_TEXT_CHARACTERS = 40
_FREE_TEXT_DISTINCT = 0.5
_FEW_VALUES = 50
_FEW_NUMBERS = 10
_ODD_SHARE = 0.05
_CAMEL_CODE = re.compile(r"[a-z](Id|ID|Code|Nr|No|Key)$")
_WORDY_CODE = re.compile(r"(^|[_\s.-])(id|uid|uuid|guid|idx|index|key|code|nr|no)$", re.IGNORECASE)
_ISO_DATE = r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}.*)?$"
_SOME_DATE = r"^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}([T ]\d{1,2}:\d{2}.*)?$"


def guess_input(column: Column, facts: Facts) -> Guess[InputKind]:
    """The first rule that knows the column decides."""
    return next(guess for rule in _RULES if (guess := rule(column, facts)) is not None)


def is_row_counter(column: Column, facts: Facts) -> bool:
    """Whole numbers that count the rows: 0..n-1 or 1..n without gaps, or all different in a column named like an id."""
    if facts.family != "number" or not facts.whole or facts.missing or facts.infinite:
        return False
    if facts.distinct < max(facts.rows, FEWEST_FOR_IDENTIFIER):
        return False
    counts = facts.low in (0, 1) and facts.high - facts.low == facts.rows - 1
    return counts or is_code_name(column.name)


def is_code_name(name: str) -> bool:
    """Whether a column calls itself a code: site_id, StoreId, sample no."""
    return bool(_WORDY_CODE.search(name) or _CAMEL_CODE.search(name))


def _nothing(column: Column, facts: Facts) -> Guess[InputKind] | None:
    if not facts.known:
        return Guess(None, "every cell is empty")
    if facts.known < FEWEST_FILLED * facts.rows:
        return Guess(None, f"filled in only {counted(facts.known, 'row')} of {facts.rows:,}")
    return None


def _constant(column: Column, facts: Facts) -> Guess[InputKind] | None:
    # A value that is there or missing tells two kinds of rows apart; only a value in every row tells nothing.
    if facts.distinct == 1 and not facts.missing and facts.family not in ("media", "other"):
        return Guess(None, f"constant: '{facts.example}' in every row")
    return None


def _truth(column: Column, facts: Facts) -> Guess[InputKind] | None:
    return Guess("category", "true or false: a category") if facts.family == "truth" else None


def _date(column: Column, facts: Facts) -> Guess[InputKind] | None:
    if facts.family == "date":
        return Guess("date", f"dates from {str(facts.low)[:10]} to {str(facts.high)[:10]}")
    if facts.family != "text":
        return None
    cells = known(column.values).drop_nulls()
    if cells.head(100).str.contains(_ISO_DATE).all() and cells.str.contains(_ISO_DATE).all():
        return Guess("date", f"text such as {facts.example}: dates")
    if cells.head(100).str.contains(_SOME_DATE).all() and cells.str.contains(_SOME_DATE).all():
        return Guess(
            None, f"text such as {facts.example}: dates whose order of day and month is unclear; write them as 2024-12-31"
        )
    return None


def _number(column: Column, facts: Facts) -> Guess[InputKind] | None:
    if facts.family != "number":
        return None
    if is_row_counter(column, facts):
        return Guess(None, f"a different whole number in each of {counted(facts.rows, 'row')}: it counts or names the rows")
    values = counted(facts.distinct, "different value")
    if not facts.whole:
        return Guess("number", f"numbers with {values}")
    if (facts.low, facts.high, facts.distinct) == (0, 1, 2):
        return Guess("number", "only 0 and 1: a number")
    span = f"whole numbers from {facts.low:g} to {facts.high:g} with {values}" if facts.low is not None else "whole numbers"
    if is_code_name(column.name):
        return Guess("category", f"{span}; the name says they are codes: a category")
    hint = "; if they are codes, declare the column a category" if facts.distinct <= _FEW_VALUES else ""
    return Guess("number", f"{span}: a quantity{hint}")


def _bag(column: Column, facts: Facts) -> Guess[InputKind] | None:
    if facts.dtype == pl.List(pl.String):
        return Guess("categories", "lists of labels: several categories at once")
    bag = bag_in(column, facts)
    if bag is None:
        return None
    reason = f"cells with '{bag.separator}' between {counted(bag.labels, 'label')}: several categories at once"
    return Guess("categories", reason, {"separator": bag.separator})


def _text(column: Column, facts: Facts) -> Guess[InputKind] | None:
    if facts.family != "text":
        return None
    share, values = (
        facts.distinct / facts.known,
        f"{counted(facts.distinct, 'different text')} in {counted(facts.known, 'row')}",
    )
    if facts.characters >= _FREE_TEXT_CHARACTERS and share > _FREE_TEXT_DISTINCT and facts.known >= FEWEST_FOR_IDENTIFIER:
        return Guess(None, f"{values}, about {facts.characters:.0f} characters each: free text is not supported yet")
    if share >= MOST_DISTINCT and facts.known >= FEWEST_FOR_IDENTIFIER:
        odd = numbers_but_for(column)
        return Guess(None, odd or f"{values}: names of single rows, from which nothing can be learned")
    return Guess("category", f"{values}: a category")


def numbers_but_for(column: Column) -> str:
    """A sentence when nearly all texts are numbers, or numbers with decimal commas; else empty."""
    cells = known(column.values).cast(pl.String)
    filled = cells.drop_nulls()
    if len(filled) < FEWEST_FOR_IDENTIFIER:
        return ""
    commas = filled.str.contains(r"^[+-]?\d+,\d+$")
    if commas.any() and (commas | filled.str.contains(r"^[+-]?\d+$")).mean() == 1:
        return f"numbers with decimal commas such as {filled.filter(commas)[0]} read as text; write decimal points"
    numbers = cells.cast(pl.Float64, strict=False)
    odd = (numbers.is_null() & cells.is_not_null()).arg_true()
    # Levels such as 0, a, b are a code; only many different numbers are numbers.
    if 0 < len(odd) <= _ODD_SHARE * len(filled) and numbers.n_unique() > _FEW_NUMBERS:
        row = int(odd[0])
        return (
            f"numbers but for {counted(len(odd), 'cell')}, such as '{cells[row]}' in row {column.row(row)}; "
            "correct or empty them and the column is a number"
        )
    return ""


def _other(column: Column, facts: Facts) -> Guess[InputKind] | None:
    return Guess(None, f"cells of type {facts.dtype} are not supported")


_RULES: list[Rule] = [_nothing, _constant, guess_media, _truth, _date, _number, _bag, _text, _other]
