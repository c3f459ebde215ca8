"""Groups found in file names through the front door: said, taken, refused, kept in the model."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from injerto.evaluate import evaluate
from injerto.model import load
from injerto.schema.schema import Schema, Split
from injerto.table.group_names import group_names
from injerto.table.table import Table
from made_media import sound, tone
from said import Call, caller

RATE_HZ = 16_000
RECORDINGS, EACH = 12, 3
CALLS = ("wren", "jay")


@pytest.fixture
def injerto(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    return caller(capsys, monkeypatch)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("calls")
    random = np.random.default_rng(0)
    rows = []
    for number in range(RECORDINGS):
        for segment in range(EACH):
            name = f"XC{1000 + 31 * number}_{segment:03d}.wav"
            samples = tone(0.3, RATE_HZ, (3000.0, 500.0)[number % 2] + 20 * number)
            (folder / name).write_bytes(sound(samples + random.normal(0, 0.02, len(samples)).astype(np.float32), RATE_HZ))
            rows.append({"clip": name, "call": CALLS[number % 2]})
    pl.DataFrame(rows).write_csv(folder / "calls.csv")
    return folder / "calls.csv"


def test_check_says_what_it_found_and_writes_it(injerto: Call, table: Path, tmp_path: Path) -> None:
    said = injerto("check", table, "--target", "call", "--write", tmp_path / "s.toml")
    assert said.code == 0
    assert "note: Found: 36 of 36 names in 'clip' share a part with others (12 groups in all)" in said.err
    assert "such as 'XC1000' in 'XC1000_000.wav' and 2 others; all of them have the 'call' of their group." in said.err
    assert "--no-group divides all rows by chance" in said.err
    written = Schema.read(tmp_path / "s.toml")
    assert written.split.grouping is not None
    assert group_names(written.split.grouping, Table.read(table)).n_unique() == RECORDINGS


def test_check_proposes_it_where_a_schema_names_no_group(injerto: Call, table: Path, tmp_path: Path) -> None:
    plain = "[targets.call]\nkind = 'class'\n[inputs.clip]\nkind = 'sound'\n"
    (tmp_path / "s.toml").write_text(plain)
    said = injerto("check", table, "--schema", tmp_path / "s.toml")
    assert said.code == 0
    assert "warning: 36 of 36 names" in said.err and "give --group clip --group-part '" in said.err
    refused = injerto("check", table, "--schema", tmp_path / "s.toml", "--no-group")
    assert "36 of 36 names" not in refused.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--group", "clip", "--no-group"), "asked for and refused with --no-group"),
        (("--group", "clip", "--group-part", "(XC"), "is no regular expression"),
        (("--group-seconds", "5"), "needs a group"),
        (("--group", "clop", "--group-part", "XC"), "Did you mean 'clip'"),
    ],
)
def test_bad_words(injerto: Call, table: Path, words: tuple[str, ...], said: str) -> None:
    answer = injerto("check", table, "--target", "call", *words)
    assert answer.code == 1 and said in answer.err


def test_train_divides_by_it_and_evaluate_draws_its_groups(injerto: Call, table: Path, tmp_path: Path) -> None:
    said = injerto("train", table, "--target", "call", "--mode", "probe", "--out", tmp_path / "m.model")
    assert said.code == 0
    assert "Kept on one side: rows that share a part of 'clip'. The group was found, not told: 36 of 36 names" in said.err
    shown = "Had rows been drawn one by one, "
    assert shown in said.err
    assert all(shown in (tmp_path / "m.model" / page).read_text() for page in ("card.md", "report.html"))
    artifact = load(tmp_path / "m.model").artifact
    assert artifact.schema.split.grouping is not None
    groups = group_names(artifact.schema.split.grouping, Table.read(table))
    sides = [set(groups.gather(rows)) for rows in (artifact.rows.train, artifact.rows.tune, artifact.rows.test)]
    assert sum(map(len, sides)) == RECORDINGS
    said = json.loads(injerto("evaluate", tmp_path / "m.model", table, "--json").out)["targets"]["call"]
    assert said["rows"] == RECORDINGS * EACH
    artifact.schema = artifact.schema.model_copy(update={"split": Split()})
    alone = evaluate(artifact, Table.read(table)).targets["call"]
    assert alone.figures["accuracy"] == said["accuracy"]
    assert alone.intervals["log_loss"] != tuple(said["intervals"]["log_loss"])  # drawn over recordings, not over clips
