"""Labels that may be wrong, as the report shows them: who judged them, the most suspicious with their pictures and sounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from injerto.report.cards import seen
from injerto.report.gallery import Card, Gallery
from injerto.report.language import say, say_html, several
from injerto.report.notes import note_text
from injerto.report.svg import short


def doubts_gallery(evidence: Mapping[str, Any]) -> Gallery:
    """The first doubted labels of a target whose labels are classes or numbers; without any, what was looked at."""
    judge, doubts = evidence.get("label_judge", {}), evidence.get("label_doubts", [])
    cards = [Card(seen(row), _words(row), row["row"], row["values"]) for row in doubts if "values" in row]
    sentences = [note_text(judge["words"])] if judge.get("words") else []
    if cards:
        found = judge.get("found", len(doubts))
        sentences.append(several(found, "One label is doubted.", "{count:,} labels are doubted."))
        if found > len(doubts):
            sentences.append(say("suspects.csv lists the first {listed:,}.", listed=len(doubts)))
        sentences.append(
            say(
                "The most suspicious come first. Write the right label into the column 'corrected' of suspects.csv; injerto "
                "correct makes the new table."
            )
        )
    elif "found" in judge:
        sentences.append(say("No label was doubted."))
    return Gallery(say("Labels that may be wrong"), cards, " ".join(sentences), always=bool(judge))


def _words(row: Mapping[str, Any]) -> Markup:
    if "times" in row:
        return say_html(
            'says <b>{label}</b>; rows like it tell <span class="wrong">{suggested}</span>: {times} times as far off as is '
            "typical of them ({typical})",
            label=row["label"],
            suggested=row["suggested"],
            times=short(row["times"]),
            typical=short(row["typical"]),
        )
    labelled = say_html("labelled <b>{label}</b> (chance {chance:.0%})", label=row["label"], chance=row["chance"])
    parts = [
        say_html('perhaps without <span class="wrong">{labels}</span>', labels=", ".join(row["too_many"]))
        for _ in row.get("too_many", [])[:1]
    ]
    parts += [
        say_html('perhaps also <span class="wrong">{labels}</span>', labels=", ".join(row["missing"]))
        for _ in row.get("missing", [])[:1]
    ]
    parts = parts or [say_html('perhaps <span class="wrong">{suggested}</span>', suggested=row["suggested"])]
    return labelled + "; " + Markup(", ").join(parts)
