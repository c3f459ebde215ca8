import datetime as dt
from unicodedata import normalize

import numpy as np
import onnx
import onnxruntime
import polars as pl
import pytest
import torch

from injerto.export.date_entry import DateEntry, calendar
from injerto.export.entry import ROWS
from injerto.export.graphs import ANSWERS, ENTRIES
from injerto.export.levels_entry import CategoriesEntry, CategoryEntry
from injerto.export.nodes import ML_DOMAIN, Nodes, label_of
from injerto.export.number_entry import NumberEntry
from injerto.export.script_parts import FUNCTIONS
from injerto.export.translate import OPSET
from injerto.features import FEATURES
from injerto.features.categories import CategoriesFeature
from injerto.features.category import CategoryFeature
from injerto.features.date import CYCLES, DateFeature
from injerto.features.number import NumberFeature
from injerto.heads import HEADS
from injerto.schema.schema import Input
from injerto.table.table import Table


def column(values, name="x"):
    return Table.of(pl.DataFrame({name: values})).column(name)


def looked_up(entry, fed):
    """What the nodes of an entry give for an array."""
    nodes = Nodes("before")
    (out,) = entry.nodes(nodes)
    (port,) = entry.ports()
    told = onnx.helper.make_tensor_value_info
    kind = onnx.TensorProto.DataType.Value(port.type)
    graph = onnx.helper.make_graph(
        nodes.made, "g", [told(port.name, kind, list(port.shape))], [told(out, onnx.TensorProto.INT64, None)], nodes.constants
    )
    opsets = [onnx.helper.make_opsetid("", OPSET), onnx.helper.make_opsetid(ML_DOMAIN, 3)]
    model = onnx.helper.make_model(graph, opset_imports=opsets, ir_version=10)
    return torch.from_numpy(onnxruntime.InferenceSession(model.SerializeToString()).run(None, {port.name: fed})[0])


def test_every_kind_of_column_and_target_has_a_way_or_is_named():
    """A kind that is added without a way into a graph is refused by name: see `test_graphs.py`. None lacks one today."""
    assert set(ENTRIES) == set(FEATURES)
    assert set(ANSWERS) == {*HEADS, "keypoints", "individual"}


def test_numbers_are_encoded_alike():
    cells = [1.0, 2.5, None, float("inf"), float("nan"), 1.7e9, -1e300]
    feature = NumberFeature("x", Input(kind="number")).fit(column([1.0, 2.0, 3.0, 7.5]))
    fed = torch.tensor([np.nan if cell is None else cell for cell in cells], dtype=torch.float64)
    found = NumberEntry(feature, "c", rows=ROWS).encode([fed])
    assert torch.equal(found.nan_to_num(9e9), feature.encode(column(cells)).nan_to_num(9e9))


def test_calendar_of_every_day_of_two_centuries():
    days = [dt.date(1895, 1, 1) + dt.timedelta(days=place) for place in range(75_000)]
    since = torch.tensor([(day - dt.date(1970, 1, 1)).days for day in days], dtype=torch.float64)
    found = torch.stack(calendar(since), dim=1).long().tolist()
    lengths = pl.Series(days).dt.days_in_month().to_list()
    assert found == [[day.day, length, day.timetuple().tm_yday] for day, length in zip(days, lengths, strict=True)]


def test_dates_are_encoded_alike():
    moments = [dt.datetime(2021, 1, 1, 6) + dt.timedelta(hours=37 * place) for place in range(600)]
    feature = DateFeature("x", Input(kind="date")).fit(column(moments))
    assert feature.cycles_ == list(CYCLES)
    cells = [*moments[::7], None, dt.datetime(1990, 2, 28, 23, 59, 59, 999_000), dt.datetime(2055, 12, 31)]
    start = dt.datetime(1970, 1, 1)
    fed = torch.tensor([np.nan if cell is None else (cell - start).total_seconds() for cell in cells], dtype=torch.float64)
    found = DateEntry(feature, "c", rows=ROWS).encode([fed])
    expected = feature.encode(column(cells))
    assert torch.equal(found.isnan(), expected.isnan())
    assert torch.allclose(found.nan_to_num(0.0), expected.nan_to_num(0.0), atol=1e-6)


@pytest.mark.parametrize("hash_rows", [None, 8])
def test_levels_are_looked_up_alike(hash_rows):
    feature = CategoryFeature("x", Input(kind="category", min_count=1, hash_rows=hash_rows))
    feature.fit(column(["élan", "b", "b", "7", "true", None]))
    cells = ["b", "élan", normalize("NFD", "élan"), "nobody", "", "7.0", "7", "True", "TRUE"]
    entry = CategoryEntry(feature, "c", rows=ROWS)
    fed = np.array(cells, dtype=object) if hash_rows is None else hashed(cells, hash_rows)
    found = entry.encode([looked_up(entry, fed)])
    assert torch.equal(found, feature.encode(column([normalize("NFC", cell) or None for cell in cells])).long())


@pytest.mark.parametrize("hash_rows", [None, 8])
def test_bags_are_looked_up_alike(hash_rows):
    feature = CategoriesFeature("x", Input(kind="categories", min_count=1, hash_rows=hash_rows))
    feature.fit(column(["a;b;c", "b;c", "c", "d;a", None]))
    cells = ["c;a", "nobody;b;stranger;b", "a;b;c;d", "", "nobody", "d;d"]
    entry = CategoriesEntry(feature, "c", rows=ROWS)
    parts = [cell.split(";") for cell in cells]
    wide = [part + [""] * (4 - len(part)) for part in parts]
    fed = np.array(wide, dtype=object) if hash_rows is None else np.stack([hashed(row, hash_rows) for row in wide])
    found = entry.encode([looked_up(entry, fed)])
    assert torch.equal(found, feature.encode(column([cell or None for cell in cells])).long())


@pytest.mark.parametrize(
    ("levels", "said"), [(["ant", "élan"], ["élan", "ant"]), ([7, 40], [40, 7]), ([False, True], ["true", "false"])]
)
def test_classes_are_named_as_in_the_table(levels, said):
    nodes = Nodes("after")
    kind = onnx.TensorProto.DataType.Value(label_of(nodes, "code", levels, out="name"))
    told = onnx.helper.make_tensor_value_info
    graph = onnx.helper.make_graph(
        nodes.made, "g", [told("code", onnx.TensorProto.INT64, [2])], [told("name", kind, [2])], nodes.constants
    )
    opsets = [onnx.helper.make_opsetid("", OPSET), onnx.helper.make_opsetid(ML_DOMAIN, 3)]
    model = onnx.helper.make_model(graph, opset_imports=opsets, ir_version=10)
    found = onnxruntime.InferenceSession(model.SerializeToString()).run(None, {"code": np.array([1, 0])})[0]
    assert found.tolist() == said


def hashed(texts, size):
    """As the script does it."""
    space = {}
    exec("import hashlib, re, unicodedata\nimport numpy as np\n" + FUNCTIONS["hashed"], space)
    return space["hashed"](texts, size)
