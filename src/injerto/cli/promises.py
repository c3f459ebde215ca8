"""What a model promises of its answers, on the terminal: its two options checked, decisions counted, promises kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import typer

from injerto.cli.figures import shown_interval

if TYPE_CHECKING:
    import polars as pl


def require_shares(max_error: float | None, coverage: float | None) -> None:
    """*Raises* BadParameter for a share that does not lie between 0 and 1, before any work is done."""
    for option, share, such in (("--max-error", max_error, "0.05"), ("--coverage", coverage, "0.9")):
        if share is not None and not 0 < share < 1:
            raise typer.BadParameter(f"{share:g} does not lie between 0 and 1. Give a share such as {such}.", param_hint=option)


def told(answers: pl.DataFrame, targets: Iterable[str]) -> dict[str, dict[str, int]]:
    """How often each decision was made, by target that has decisions; rows that could not be used have none."""
    there = [name for name in targets if f"{name}_decision" in answers.columns]
    counted = {
        name: answers[f"{name}_decision"].drop_nulls().value_counts(sort=True).rename({f"{name}_decision": "said"})
        for name in there
    }
    return {name: dict(zip(found["said"].to_list(), found["count"].to_list(), strict=True)) for name, found in counted.items()}


def honesty_rows(honesty: Mapping[str, Any]) -> Iterator[tuple[str, list[str], list[list[str]]]]:
    """Title, columns and lines of the tables that say whether a target's answers are honest."""
    if "calibration" in honesty:
        found = honesty["calibration"]
        lines = [[name, f"{found['before'][name]:.4g}", f"{value:.4g}"] for name, value in found["after"].items()]
        yield f"calibration on {found['rows']:,} rows", ["figure", "before", "after"], lines
    if "abstention" in honesty:
        found = honesty["abstention"]
        error = "-" if found["error"] is None else f"{found['error']:.4g}"
        lines = [["answered", f"{found['answered']:.4g}", "-"], ["wrong", error, shown_interval(found["error_interval"])]]
        yield "promised errors", ["share", "here", "95 % interval"], lines
    if "sets" in honesty:
        found = honesty["sets"]
        lines = [["truth held", f"{found['held']:.4g}"], ["mean size", f"{found['size']:.4g}"]]
        yield "promised coverage", ["share", "here"], lines
