"""Dates: the span of both tables. New rows are mostly later, so this is told and not tested."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from injerto.drift.change import Change, Sides


def date_change(sides: Sides) -> Change:
    """How many of the new dates lie outside of what training spanned."""
    known = [cells[~cells.isnan()] for cells in (sides.before, sides.after)]
    missing = {
        "missing_before": float(sides.before.isnan().double().mean()),
        "missing_after": float(sides.after.isnan().double().mean()),
    }
    if not all(len(cells) for cells in known):
        return Change(0.0, None, missing, "empty in every row" if not len(known[1]) else "was empty in training")
    before, after = known
    outside = float(((after < before.min()) | (after > before.max())).double().mean())
    ends = [_day(float(end)) for cells in known for end in (cells.min(), cells.max())]
    figures = dict(zip(("first_before", "last_before", "first_after", "last_after"), ends, strict=True))
    words = f"{ends[0]} to {ends[1]} before, {ends[2]} to {ends[3]} now; {outside:.1%} outside of the training span"
    return Change(outside, None, figures | {"outside": outside} | missing, words)


def _day(days: float) -> str:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=days)).date().isoformat()
