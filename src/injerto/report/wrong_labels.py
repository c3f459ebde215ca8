"""Labels that may be wrong, as the report shows them: who judged them, the most suspicious with their pictures and sounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from injerto.report.cards import Card, Gallery, pictures_of
from injerto.report.svg import short

TITLE = "Labels that may be wrong"
HOW = (
    "The most suspicious come first. Write the right label into the column 'corrected' of suspects.csv; injerto correct makes "
    "the new table."
)
NONE = "No label was doubted."


def doubts_gallery(evidence: Mapping[str, Any]) -> Gallery:
    """The first doubted labels of a target whose labels are classes or numbers; without any, what was looked at."""
    judge, doubts = evidence.get("label_judge", {}), evidence.get("label_doubts", [])
    cards = [_card(row) for row in doubts if "values" in row]
    if cards:
        found = judge.get("found", len(doubts))
        listed = f"{found:,} labels are doubted" if found > 1 else "One label is doubted"
        more = f", and suspects.csv lists the first {len(doubts):,}" if found > len(doubts) else ""
        caption = f"{judge.get('words', '')} {listed}{more}. {HOW}"
    else:
        caption = f"{judge.get('words', '')} {NONE if 'found' in judge else ''}"
    return Gallery(TITLE, cards, caption.strip(), always=bool(judge))


def _card(row: Mapping[str, Any]) -> Card:
    return Card(pictures_of(row), _words(row), row["row"], row["values"])


def _words(row: Mapping[str, Any]) -> Markup:
    if "times" in row:
        return Markup(
            'says <b>{}</b>; rows like it tell <span class="wrong">{}</span>: {} times as far off as is typical of them ({})'
        ).format(row["label"], row["suggested"], short(row["times"]), short(row["typical"]))
    if "too_many" in row or "missing" in row:
        parts = [
            Markup('{} <span class="wrong">{}</span>').format(words, ", ".join(row[key]))
            for key, words in (("too_many", "perhaps without"), ("missing", "perhaps also"))
            if key in row
        ]
        return Markup("labelled <b>{}</b> (chance {:.0%}); {}").format(row["label"], row["chance"], Markup(", ").join(parts))
    return Markup('labelled <b>{}</b> (chance {:.0%}); perhaps <span class="wrong">{}</span>').format(
        row["label"], row["chance"], row["suggested"]
    )
