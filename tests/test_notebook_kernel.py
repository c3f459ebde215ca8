"""A notebook run by a real Jupyter kernel holds what models, answers and ledgers show."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

import injerto
from small import birds

nbformat = pytest.importorskip("nbformat", reason="Jupyter is not installed: pip install '.[notebook]'")
nbclient = pytest.importorskip("nbclient", reason="Jupyter is not installed: pip install '.[notebook]'")
pytest.importorskip("ipykernel", reason="Jupyter is not installed: pip install '.[notebook]'")
pytestmark = pytest.mark.slow

KEPT = os.environ.get("INJERTO_NOTEBOOK", "")
"""A file for the notebook, to look at."""
CELLS = [
    'import injerto\n\nmodel = injerto.train("birds.csv", target="species", budget_seconds=5)\nmodel',
    'answers = model.predict("new.csv")\nanswers',
    "answers.ledger",
]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What each cell's last line shows: a text for each MIME type."""
    folder: Path = tmp_path_factory.mktemp("notebook")
    birds(120).write_csv(folder / "birds.csv")
    lines = birds(25, seed=3).drop("species").write_csv().splitlines()
    lines[1] = ",".join(["<b>heavy</b>", *lines[1].split(",")[1:]])
    (folder / "new.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    client = nbclient.NotebookClient(book, timeout=240, kernel_name="python3", resources={"metadata": {"path": str(folder)}})
    client.execute(
        env=os.environ | {"PYTHONPATH": str(Path(injerto.__file__).parents[1])}
    )  # this package, not an installed one
    if KEPT:
        nbformat.write(book, KEPT)
    results = [[out for out in cell.outputs if out.output_type == "execute_result"] for cell in book.cells]
    return [found.data for (found,) in results]


def test_a_model_its_answers_and_the_ledger_are_shown_as_html(shown: list[dict[str, Any]]):
    model, answers, ledger = (data["text/html"] for data in shown)
    assert "<b>Model of species (class)</b>" in model
    assert "<td>accuracy</td>" in model
    assert answers.count("<tr>") > 10
    assert "linear-gradient" in answers
    assert "row(s) could not be used" in answers
    assert "1 cell(s) in 1 row(s) could not be used." in ledger
    assert "&lt;b&gt;heavy" in ledger


def test_a_place_without_html_gets_text(shown: list[dict[str, Any]]):
    assert all(data["text/plain"].strip() for data in shown)
