"""A table model as ONNX: the same answers through Python, the command line, the graph, and the script in a bare environment."""

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import polars as pl
import pytest
from typer.testing import CliRunner

import injerto
from injerto.cli.app import app
from injerto.errors import ColumnError, ExportError, OutputError
from injerto.export import onnx as verb
from injerto.export import translate
from injerto.export.graph import Graph
from injerto.export.graphs import ENTRIES, graph_of
from injerto.export.packages import onnx_packages
from injerto.export.parity import TOLERANCE, parity
from injerto.export.promised import Asked
from injerto.export.sample import sample_of
from injerto.progress import Silent
from injerto.promises import Promises

FEW = 12


def bare(folder: Path, packages: list[str]) -> dict[str, str]:
    """An environment in which Python sees `packages` and its standard library."""
    folder.mkdir()
    for name in packages:
        home = Path(sys.modules[name].__file__).parent
        for part in (home, home.with_name(f"{home.name.lower()}.libs"), home.with_name("pillow.libs")):
            if part.exists() and not (folder / part.name).exists():
                (folder / part.name).symlink_to(part)
    return {"PYTHONPATH": str(folder), "PATH": os.environ["PATH"], "OMP_NUM_THREADS": "1"}


def asked(script: Path, file: Path, environment: dict[str, str]) -> list[dict]:
    """What the script prints, started without the packages of this environment."""
    told = subprocess.run([sys.executable, "-S", script, file], env=environment, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    return [json.loads(line) for line in told.stdout.splitlines()]


def test_what_was_written(written):
    found = written.parity
    assert found["rows"] == len(written.table)
    assert found["difference"] <= TOLERANCE / 10
    assert found["from_predict"] <= TOLERANCE / 10
    folder = written.place / "birds.onnx"
    assert sorted(file.name for file in folder.iterdir()) == ["README.md", "model.onnx", "predict.py"]
    page = (folder / "README.md").read_text()
    for word in (
        "`mass_g`",
        "seconds from 1970",
        "`species_probabilities`",
        "`species_probability_jay`",
        "pip install onnxruntime numpy",
    ):
        assert word in page
    assert f"On {found['rows']} rows" in page


def test_same_answers_through_every_door(written, tmp_path):
    few = written.table.head(FEW)
    few.write_csv(tmp_path / "few.csv")
    by_python = written.model.predict(few).answers
    told = CliRunner().invoke(
        app, ["predict", str(written.place / "birds.model"), str(tmp_path / "few.csv"), "--out", str(tmp_path / "out.csv")]
    )
    assert told.exit_code == 0, told.output
    by_command = pl.read_csv(tmp_path / "out.csv")
    by_script = asked(
        written.place / "birds.onnx" / "predict.py", tmp_path / "few.csv", bare(tmp_path / "packages", ["numpy", "onnxruntime"])
    )
    assert len(by_script) == FEW
    for column in [name for name in by_script[0] if by_python[name].dtype.is_numeric()]:
        expected = by_python[column].to_numpy()
        assert np.allclose(by_command[column].to_numpy(), expected, atol=1e-4)
        assert np.allclose([row[column] for row in by_script], expected, atol=1e-4)
    assert [row["species"] for row in by_script] == by_python["species"].to_list() == by_command["species"].to_list()
    said = [row["company"] for row in by_script]
    assert said == by_python["company"].to_list() == by_command["company"].fill_null("").to_list()


def test_many_rows_at_once_answer_as_one_by_one(written):
    """The graph takes any number of rows."""
    session = onnx_packages().onnxruntime.InferenceSession(written.place / "birds.onnx" / "model.onnx")
    table = written.table.head(FEW)
    start = pl.datetime(1970, 1, 1)
    seconds = table.select((pl.col("seen").cast(pl.Datetime) - start).dt.total_seconds())["seen"].cast(pl.Float64)
    texts = [(cell or "").split(";") for cell in table["tags"]]
    fed = {
        "mass_g": table["mass_g"].fill_null(float("nan")).to_numpy(),
        "hour": table["hour"].to_numpy().astype(object),
        "ring": table["ring"].cast(pl.String).to_numpy().astype(object),
        "seen": seconds.to_numpy(),
        "tags": np.array([row + [""] * (4 - len(row)) for row in texts], dtype=object),
    }
    (found,) = session.run(["species_probabilities"], fed)
    expected = written.model.predict(table).answers.select(pl.selectors.matches("^species_probability_")).to_numpy()
    assert np.allclose(found, expected, atol=1e-4)


def test_a_graph_that_answers_otherwise_is_refused(written, tmp_path, monkeypatch):
    model = onnx.load(written.place / "birds.onnx" / "model.onnx")
    largest = max(
        (one for one in model.graph.initializer if one.data_type == onnx.TensorProto.FLOAT), key=lambda one: len(one.raw_data)
    )
    weights = onnx.numpy_helper.to_array(largest)
    largest.CopyFrom(onnx.numpy_helper.from_array(weights * np.float32(1.05), largest.name))
    facts = json.loads(model.metadata_props[0].value)
    monkeypatch.setattr(verb, "graph_of", lambda network, promises: Graph(model, [], [], facts))
    with pytest.raises(ExportError, match=r"Nothing was written.*Row \d+: '.*' is .* there and .* here"):
        written.model.export(onnx=tmp_path / "tampered", check=written.table)
    assert list(tmp_path.iterdir()) == []


def test_rows_that_cannot_be_used_are_named(written):
    wrong = {name: ["x"] if name == "mass_g" else [None] for name in written.table.columns}
    table = injerto.Table.of(wrong)
    with pytest.raises(ExportError, match=r"No row of 'table' .* can be used.*'x' is not a number"):
        sample_of(written.model.artifact, table, Asked(), progress=Silent())


def test_a_place_that_is_taken(written, tmp_path):
    with pytest.raises(OutputError, match=r"birds.onnx' exists already. Give another name, or force=True"):
        written.model.export(onnx=written.place / "birds.onnx", check=written.table)
    with pytest.raises(OutputError, match="was not exported by Injerto"):
        written.model.export(onnx=written.place, check=written.table, force=True)
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="is a file"):
        written.model.export(hf=tmp_path / "file")


def test_nothing_to_export_to(written):
    told = CliRunner().invoke(app, ["export", str(written.place / "birds.model")])
    assert isinstance(told.exception, ExportError)
    with pytest.raises(ExportError, match="Give --onnx DIR, --hf DIR"):
        written.model.export()


def test_two_forms_do_not_share_a_folder(written, tmp_path):
    with pytest.raises(ExportError, match="Give each a folder of its own"):
        written.model.export(onnx=tmp_path / "a", hf=tmp_path / "b" / ".." / "a", check=written.table)


def test_an_operator_that_cannot_be_written(written, monkeypatch):
    def stops(*_, **__):
        raise RuntimeError("no such operator\nmore")

    monkeypatch.setattr(translate.torch.export, "export", stops)
    with pytest.raises(ExportError, match=r"cannot be written as ONNX by PyTorch .*: no such operator Please report"):
        graph_of(written.model.network)


def test_a_script_that_stops(written, tmp_path):
    folder = shutil.copytree(written.place / "birds.onnx", tmp_path / "copy")
    (folder / "model.onnx").write_bytes(b"broken")
    with pytest.raises(ExportError, match="the exported script stops on the rows of 'table'"):
        facts = json.loads(onnx.load(written.place / "birds.onnx" / "model.onnx").metadata_props[0].value)
        sample = sample_of(written.model.artifact, injerto.Table.of(written.table), Asked(), progress=Silent())
        parity(written.model.artifact, sample, Promises(), folder, facts)


def test_rows_to_compare_on_are_asked_for(written, tmp_path):
    with pytest.raises(ExportError, match=r"--check TABLE.*'birds'|--check TABLE.*'table'"):
        written.model.export(onnx=tmp_path / "new")


def test_a_kind_without_a_way_is_named(written, monkeypatch):
    monkeypatch.delitem(ENTRIES, "date")
    with pytest.raises(ExportError, match=r"'seen' is of kind date, and columns of that kind cannot be exported to ONNX.*--hf"):
        graph_of(written.model.network)


class Heard(Silent):
    """What is said while it works."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, message: str) -> None:
        self.said.append(message)


def test_packages_that_lack_are_named_before_the_work(written, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxscript", None)
    onnx_packages.cache_clear()
    heard = Heard()
    try:
        with pytest.raises(ExportError, match=r"onnxscript is missing.*pip install 'injerto\[onnx\]'"):
            written.model.export(onnx=tmp_path / "new", check=written.table, progress=heard)
    finally:
        onnx_packages.cache_clear()
    assert heard.said == []


def test_columns_that_lack_are_named_before_the_work(written, tmp_path):
    heard = Heard()
    with pytest.raises(ColumnError, match="mass_g"):
        written.model.export(onnx=tmp_path / "new", check=written.table.drop("mass_g"), progress=heard)
    assert not any("Writing" in said for said in heard.said)
    assert list(tmp_path.iterdir()) == []


def test_the_script_reads_other_delimiters(written, tmp_path):
    rows = written.table.head(3).select("mass_g", "hour", "seen", "ring").with_columns(tags=pl.lit("wet")).rows(named=True)
    with (tmp_path / "few.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    told = subprocess.run(
        [sys.executable, written.place / "birds.onnx" / "predict.py", tmp_path / "few.csv"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    expected = written.model.predict(pl.DataFrame(rows)).answers["species"].to_list()
    assert [json.loads(line)["species"] for line in told.stdout.splitlines()] == expected
