"""Wrong labels through the front door: listed by train, shown in the report, corrected back into a table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from made_media import sound, tone
from said import Call, caller

RATE_HZ = 16_000
CALLS = ("wren", "jay")
ROWS, WRONG = 36, 7


@pytest.fixture
def injerto(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    return caller(capsys, monkeypatch)


def test_a_wrong_label_is_listed_shown_and_corrected(injerto: Call, tmp_path: Path) -> None:
    random, rows = np.random.default_rng(0), []
    for number in range(ROWS):
        samples = tone(0.3, RATE_HZ, (3000.0, 500.0)[number % 2] + 20 * number)
        name = f"{number}.wav"
        (tmp_path / name).write_bytes(sound(samples + random.normal(0, 0.02, len(samples)).astype(np.float32), RATE_HZ))
        rows.append({"clip": name, "call": CALLS[(number + (number == WRONG)) % 2]})
    table, model = tmp_path / "calls.csv", tmp_path / "m.model"
    pl.DataFrame(rows).write_csv(table)
    said = injerto("train", table, "--target", "call", "--mode", "probe", "--no-group", "--out", model)
    assert said.code == 0
    assert (
        "label(s) of 'call' may be wrong; the report and suspects.csv in the model's folder list them. The first: row 7"
        in said.err
    )
    listed = pl.read_csv(model / "suspects.csv", schema_overrides={"corrected": pl.String})
    assert listed.row(0, named=True) | {"chance": 0} == {
        "row": WRONG,
        "file": "7.wav",
        "target": "call",
        "label": "wren",
        "suggested": "jay",
        "chance": 0,
        "corrected": None,
    }
    assert listed["chance"][0] < 0.5
    assert "Labels that may be wrong" in (model / "report.html").read_text()
    listed.with_columns(corrected=pl.when(pl.col("row") == WRONG).then(pl.lit("jay"))).write_csv(model / "suspects.csv")
    assert injerto("predict", model, table, "--out", tmp_path / "answers.csv").code == 0  # the seal leaves the list out
    assert injerto("correct", table, model / "suspects.csv", "--out", tmp_path / "calls2.csv").code == 0
    assert pl.read_csv(tmp_path / "calls2.csv")["call"].to_list() == [CALLS[number % 2] for number in range(ROWS)]
