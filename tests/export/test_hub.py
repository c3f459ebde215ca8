import json

import polars as pl
import pytest
from typer.testing import CliRunner

import injerto
from injerto.cli.app import app
from injerto.errors import ExportError
from injerto.export import hub
from injerto.export.hub import export_hub, shareable


def front(folder):
    """The lines between the marks at the top of the card."""
    text = (folder / "README.md").read_text()
    assert text.startswith("---\n")
    return text.split("---\n")[1].splitlines()


def test_a_folder_for_a_hub_opens_and_answers_the_same(written, tmp_path):
    told = CliRunner().invoke(
        app,
        [
            "export",
            str(written.place / "birds.model"),
            "--hf",
            str(tmp_path / "jays"),
            "--licence",
            "cc-by-4.0",
            "--check",
            str(written.place / "birds.csv"),
        ],
    )
    assert told.exit_code == 0, told.output
    assert "Ready to push" in told.stdout
    opened = injerto.load(tmp_path / "jays")
    assert opened.predict(written.table).answers.equals(written.model.predict(written.table).answers)
    lines = front(tmp_path / "jays")
    assert lines[:4] == ["library_name: injerto", 'license: "cc-by-4.0"', "pipeline_tag: tabular-classification", "tags:"]
    assert "    - type: accuracy" in lines
    assert json.loads((tmp_path / "jays" / "config.json").read_text())["targets"]["species"] == "class"
    assert "safetensors filter=lfs" in (tmp_path / "jays" / ".gitattributes").read_text()


def test_no_row_of_the_table_is_in_it(written):
    shared = shareable(written.model.artifact)
    assert shared.evidence == {} and len(shared.ledger) == 0 and shared.contents is None and shared.reference is None
    assert written.model.artifact.reference is not None, "the model itself keeps it"


def test_without_a_licence_one_is_asked_for(written, tmp_path):
    written.model.export(hf=tmp_path / "jays")
    assert not any(line.startswith("license") for line in front(tmp_path / "jays"))
    assert "No licence was chosen" in (tmp_path / "jays" / "README.md").read_text()
    written.model.export(hf=tmp_path / "jays", force=True, licence="mit")
    assert 'license: "mit"' in front(tmp_path / "jays")


def test_a_folder_that_answers_otherwise_is_refused(written, tmp_path, monkeypatch):
    whole = hub.shareable

    def changed(artifact):
        shared = whole(artifact)
        for head in shared.network.targets.values():
            head.convolve.weight.data += 0.1
        return shared

    monkeypatch.setattr(hub, "shareable", changed)
    with pytest.raises(ExportError, match="answers otherwise"):
        export_hub(written.model.artifact, tmp_path / "jays", injerto.Table.of(written.table))
    assert list(tmp_path.iterdir()) == []


def test_names_are_quoted(tmp_path):
    """What a user wrote in a table cannot end the block of facts."""
    rows = 40
    table = pl.DataFrame(
        {"n": [0.5 + place**1.5 for place in range(rows // 2) for _ in "ab"], 'kind: "x"\n---': ["a", "b"] * (rows // 2)}
    )
    model = injerto.train(table, 'kind: "x"\n---', budget_seconds=1, seed=1)
    model.export(hf=tmp_path / "model")
    assert any(line.startswith("    - type: ") for line in front(tmp_path / "model"))
