"""Where a model's lookups are, and what is said of columns that have none."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from columns import column
from injerto.artifact.artifact import Artifact
from injerto.errors import ColumnError
from injerto.features import FEATURES
from injerto.features.category import CategoryFeature
from injerto.heads import HEADS
from injerto.lookup.find import embeddings_of, lookup_of
from injerto.network import Network
from injerto.schema.schema import Input, Schema, Target
from injerto.table.split import Rows

CELLS = {"site": ["pond", "pond", "wood"], "ring": ["a", "a", "a"], "mass_g": [1.0, 2.0, 3.0]}
KINDS = {"site": "category", "ring": "category", "mass_g": "number"}


def artifact(*names: str) -> Artifact:
    inputs = {name: Input(kind=KINDS[name], min_count=1) for name in names}
    features = [FEATURES[KINDS[name]](name, inputs[name]).fit(column(CELLS[name], name=name)) for name in names]
    head = HEADS["number"]("wing", Target(kind="number")).fit(column([1.0, 2.0, 3.0], name="wing"))
    schema = Schema(inputs=inputs, targets={"wing": Target(kind="number")}, dropped={"id": "every value is different"})
    none = np.zeros(0, dtype=np.int64)
    return Artifact(schema, Network(features, [head], {}), Rows(none, none, none, reason=""))


def test_each_column_has_its_own_rows() -> None:
    network = artifact("site", "mass_g", "ring").network
    for name, rows in (("site", 4), ("ring", 3)):
        found = lookup_of(network, name)
        assert found is not None
        feature, lookup = found
        matrix = lookup.matrix(name)
        assert isinstance(feature, CategoryFeature)
        assert feature.name == name
        assert len(matrix) == len(feature.row_names) == len(feature.counts_) == rows
    assert lookup_of(network, "mass_g") is None


def test_what_is_taken_out_is_what_the_network_looks_up() -> None:
    made = artifact("site", "ring")
    embedder = made.network.embedders["category"].eval()
    for parameter in embedder.parameters():
        nn.init.normal_(parameter)
    found = embeddings_of(made, "site")
    assert found.levels == ["pond", "wood"]
    assert found.counts.tolist() == [0, 0, 2, 1]
    ids = made.network.blocks[0].features[0].encode(column(["wood", None, "new", "pond"], name="site"))
    served = embedder(torch.stack([ids, torch.zeros_like(ids)], dim=1)).detach().numpy()[:, : found.width]
    assert np.allclose(served, found.matrix[[found.row("wood"), found.row(None), 0, found.row("pond")]])


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("mass_g", r"'mass_g' is a column of kind number in this model.* category columns: 'site', 'ring'\.$"),
        ("wing", r"'wing' is what this model predicts.* category columns: 'site', 'ring'\.$"),
        ("id", r"'id' was left out of this model: every value is different\. Its category columns: 'site', 'ring'\.$"),
        ("sites", r"knows no column 'sites'\. Did you mean 'site'\? Its category columns: 'site', 'ring'\.$"),
    ],
)
def test_a_column_without_a_lookup_says_why_and_names_those_that_have_one(name: str, said: str) -> None:
    with pytest.raises(ColumnError, match=said):
        embeddings_of(artifact("site", "mass_g", "ring"), name)


def test_a_model_without_a_category_column_says_so() -> None:
    with pytest.raises(ColumnError, match=r"This model has no category column.* inputs are 'mass_g' \(number\)\.$"):
        embeddings_of(artifact("mass_g"), "mass_g")
