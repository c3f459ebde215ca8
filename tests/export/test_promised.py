"""Promises in a graph: decisions, sets and intervals as `predict` gives them."""

import json
import math
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import torch

import injerto
from injerto.errors import ExportError, PromiseError
from injerto.export import onnx as verb
from injerto.export.individual_answer import IndividualAnswer
from injerto.export.keypoints_answer import KeypointsAnswer
from injerto.export.nodes import Nodes, joined
from injerto.export.packages import onnx_packages
from injerto.export.promised import Asked, on_the_edge
from injerto.heads.decision import Decision
from injerto.heads.individual import IndividualHead
from injerto.heads.keypoints import KeypointsHead
from injerto.heads.named_or_new import NamedOrNew
from injerto.heads.outcome import Limits
from injerto.heads.radii import Radii
from injerto.learner import heads_of
from injerto.promises import Promises
from injerto.schema.schema import Target

SHARES = {"max_error": 0.25, "coverage": 0.8}


def noisy(rows: int = 500) -> pl.DataFrame:
    """Sides of a line that are hard to tell near it, labels of several such lines, and a length."""
    generator = np.random.default_rng(3)
    x = generator.normal(size=rows)
    sides = {word: x + shift + generator.normal(0, 0.5, rows) > 0 for word, shift in (("warm", 1), ("wet", 0), ("high", -1))}
    labels = [";".join(word for word, on in sides.items() if on[row]) or None for row in range(rows)]
    side = np.select(
        [x + generator.normal(0, 0.6, rows) < -0.7, x + generator.normal(0, 0.6, rows) < 0.7], ["low", "mid"], "top"
    )
    length = 10 * x + generator.normal(0, 2, rows)
    gain = generator.integers(0, 4, rows) * 0.5  # numbers that repeat
    return pl.DataFrame({"x": x, "gain": gain, "side": side, "is": labels, "length": length})


@dataclass(frozen=True)
class Promised:
    model: injerto.Model
    table: pl.DataFrame
    folder: Path


@pytest.fixture(scope="module")
def promised(tmp_path_factory):
    folder, table = tmp_path_factory.mktemp("promised"), noisy()
    model = injerto.train(table, ["side", "is:classes", "length"], inputs=["x", "gain:number"], budget_seconds=2, seed=1)
    table.write_csv(folder / "table.csv")
    found = model.export(onnx=folder / "model", check=table, **SHARES)
    assert found.parity.other_words == 0
    return Promised(model, table, folder)


def test_the_same_promises_as_predict(promised):
    answers = promised.model.predict(promised.table, **SHARES).answers
    command = [sys.executable, promised.folder / "model" / "predict.py", promised.folder / "table.csv"]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    found = pl.DataFrame([json.loads(line) for line in told.stdout.splitlines()], infer_schema_length=None)
    promises = Asked(**SHARES).of(heads_of(promised.model.network))
    for name in ("side", "is"):
        probabilities = answers.select(pl.selectors.starts_with(f"{name}_probability_")).to_numpy()
        edges = on_the_edge(promises, name, torch.from_numpy(probabilities), 1e-5)
        for column in (f"{name}_decision", f"{name}_set", f"{name}_set_size"):
            same = found[column].to_numpy() == answers[column].to_numpy()
            assert (same | edges[column].numpy()).all()
            assert same.mean() > 0.95
            assert found[column].n_unique() > 1
    for end in ("low", "high"):
        assert np.allclose(found[f"length_{end}"], answers[f"length_{end}"], atol=1e-3)
    plain = promised.model.predict(promised.table).answers
    assert not np.allclose(found["length_low"], plain["length_low"], atol=1e-2)


def test_the_page_says_what_is_promised(promised):
    page = (promised.folder / "model" / "README.md").read_text()
    assert "## What is promised" in page
    assert "`side_decision`" in page
    assert "hold the true class in 80%" in page
    assert r"joined by ' \| ' |" in page


def test_what_cannot_be_promised_is_refused_before_the_work(written, tmp_path, monkeypatch):
    monkeypatch.setattr(verb, "graph_of", None)
    with pytest.raises(PromiseError, match=r"cannot be promised from .* held-out rows"):
        written.model.export(onnx=tmp_path / "new", check=written.table, max_error=0.0001)


def test_promises_are_of_onnx_alone(written, tmp_path):
    with pytest.raises(ExportError, match="of --onnx alone"):
        written.model.export(hf=tmp_path / "new", max_error=0.1)


def test_rows_on_a_limit_may_say_either(promised):
    promises = Asked(**SHARES).of(heads_of(promised.model.network))
    start = promises.abstentions["side"].start
    assert 0.3 < start < 0.9
    answer = torch.tensor([[start, 1 - start, 0], [start + 0.01, 0.99 - start, 0]], dtype=torch.float64)
    assert on_the_edge(promises, "side", answer, 1e-6)["side_decision"].tolist() == [True, False]


def test_two_equally_likely_classes_of_a_set_have_no_order(promised):
    promises = Asked(coverage=0.8).of({"side": heads_of(promised.model.network)["side"]})
    answer = torch.tensor([[0.45, 0.45, 0.1], [0.9, 0.05, 0.05]], dtype=torch.float64)
    assert promises.covers["side"].inside(answer).tolist() == [[True, True, False], [True, False, False]]
    assert on_the_edge(promises, "side", answer, 1e-6)["side_set"].tolist() == [True, False]


def test_texts_are_joined_by_hand():
    nodes, onnx = Nodes("n"), onnx_packages().onnx
    texts = [nodes.constant([word], object) for word in ("a", "b", "c")]
    joined(nodes, "on", texts, " | ", out="said")
    info = onnx.helper.make_tensor_value_info
    inputs, outputs = [info("on", onnx.TensorProto.BOOL, ["n", 3])], [info("said", onnx.TensorProto.STRING, ["n"])]
    graph = onnx.helper.make_graph(nodes.made, "g", inputs, outputs, nodes.constants)
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 20)], ir_version=10)
    session = onnx_packages().onnxruntime.InferenceSession(model.SerializeToString())
    on = np.array([[True, False, True], [False, False, False], [False, True, False]])
    assert session.run(None, {"on": on})[0].tolist() == ["a | c", "", "b"]


def test_circles_of_points_are_made_wider():
    head = KeypointsHead("points", Target(kind="keypoints", photo="photo", points=["eye"]))
    answer = torch.tensor([[[10.0, 20.0, 4.0, 0.9, 0.8]]], dtype=torch.float64)
    promises = Promises(covers={"points": Radii(("eye",), 0.95, 1.5, 100)})
    found = KeypointsAnswer(head, rows=1, promises=promises).tensors(answer)["points"]
    assert found.tolist() == [[[10.0, 20.0, 6.0, 0.9, 0.8]]]
    assert promises.columns("points", answer)["eye_radius"].to_list() == [6.0]


def test_names_and_new_are_said_from_the_promised_limits():
    head = IndividualHead("animal", Target(kind="individual", photo="photo"))
    decision = Decision()
    decision.limits = Limits(0.97, math.inf, checked=True)
    rule = NamedOrNew("animal", ["ana", "ben"], decision)
    facts = IndividualAnswer(head, rows=1, promises=Promises(abstentions={"animal": rule})).facts()["individual"]
    assert (facts["known_from"], facts["new_from"]) == (0.97, None)
    plain = IndividualAnswer(head, rows=1, promises=Promises()).facts()["individual"]
    assert plain["known_from"] == max(head.decision.limits.known_from, 0.5)
