"""Rows behind the cells of a confusion matrix: a folded gallery for each, to which its cell leads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from injerto.evidence.single_class import NEW, OTHERS
from injerto.report.cards import answer_card
from injerto.report.gallery import Gallery
from injerto.report.language import say, several


def cell_anchors(evidence: Mapping[str, Any]) -> dict[tuple[int, int], str]:
    """Where on the page the rows of each cell stand, of those that have some."""
    page = evidence.get("anchor", "target")
    return {(row["cell"][0], row["cell"][1]): f"{page}-{row['cell'][0]}-{row['cell'][1]}" for row in evidence.get("cells", [])}


def cell_galleries(evidence: Mapping[str, Any]) -> list[Gallery]:
    """A gallery a cell: mistakes first, those with most rows before others."""
    rows: dict[tuple[int, int], list[Mapping[str, Any]]] = {}
    for row in evidence.get("cells", []):
        rows.setdefault((row["cell"][0], row["cell"][1]), []).append(row)
    names = [say(name) if name in (OTHERS, NEW) else name for name in evidence["classes"]]
    return [
        Gallery(
            _title(names[true], names[given], evidence["confusion"][true][given], len(found)),
            [answer_card(row) for row in found],
            anchor=cell_anchors(evidence)[true, given],
        )
        for (true, given), found in rows.items()
    ]


def _title(true: str, given: str, count: int, shown: int) -> str:
    if true == given:
        return say("{name}, and said so: {count:,}, the least sure", name=true, count=count)
    told = several(count, "{true} taken for {given}: 1 row", "{true} taken for {given}: {count:,} rows", true=true, given=given)
    return told if shown == count else f"{told}, {say('the {count} surest', count=shown)}"
