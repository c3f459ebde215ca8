"""A whole graph: what is fed and put out, the nodes before and after a network, and the network between them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn

from injerto.export.answer import Answer, Outlet
from injerto.export.entry import Port
from injerto.export.nodes import ML_DOMAIN, Nodes
from injerto.export.packages import onnx_packages
from injerto.export.translate import PREFIX, Axes, translated
from injerto.version import __version__

ML_OPSET = 3
FACTS = "injerto"
"""Under what name the facts stand in the model's metadata."""
SAID = "answers"
"""Under what name the names of all that is answered stand there, in the order in which the outputs hold it."""


@dataclass(frozen=True)
class Graph:
    """An ONNX model, and what to say of it."""

    model: Any
    ports: Sequence[Port]
    outlets: Sequence[Outlet]
    facts: dict[str, Any]
    """As the script reads them."""

    @property
    def content(self) -> bytes:
        """The file."""
        content: bytes = self.model.SerializeToString()
        return content


def assembled(
    core: nn.Module,
    examples: Sequence[Tensor],
    ports: Sequence[Port],
    before: Nodes,
    fed: Sequence[str],
    answers: Sequence[Answer[Any]],
    *,
    axes: Axes,
) -> Graph:
    """`fed` names what the nodes `before` give to `core`, in its order; `examples` are tensors like these,
    of which `axes` may be of any length.
    """
    onnx = onnx_packages().onnx
    names = [f"given {place}" for place in range(len(fed))]
    model, found = translated(core, examples, names, axes=axes)
    joints = Nodes("joint")
    for name, source in zip(names, fed, strict=True):
        joints.add("Identity", source, out=PREFIX + name)
    after = Nodes("after")
    outlets = [outlet for answer in answers for outlet in answer.nodes(after, found)]
    graph = model.graph
    nodes = [*before.made, *joints.made, *graph.node, *after.made]
    for parts, new in (
        (graph.node, nodes),
        (graph.input, [_told(port.name, port.type, port.shape) for port in ports]),
        (graph.output, [_told(outlet.name, outlet.type, outlet.shape) for outlet in outlets]),
    ):
        del parts[:]
        parts.extend(new)
    graph.initializer.extend([*before.constants, *after.constants])
    model.opset_import.append(onnx.helper.make_opsetid(ML_DOMAIN, ML_OPSET))
    model.producer_name, model.producer_version = FACTS, __version__
    facts: dict[str, Any] = {"inputs": {port.name: port.read for port in ports}}
    facts["outputs"] = {outlet.name: outlet.columns for outlet in outlets}
    facts |= _file_of(ports)
    for answer in answers:
        facts |= answer.facts()
    said = [column for outlet in outlets for column in outlet.columns]
    told = {FACTS: facts, SAID: said}
    onnx.helper.set_model_props(model, {name: json.dumps(value, ensure_ascii=False) for name, value in told.items()})
    onnx.checker.check_model(model)
    return Graph(model, ports, outlets, facts)


def _file_of(ports: Sequence[Port]) -> dict[str, Any]:
    """The column of files of a model that needs nothing else: the script then takes a file as well as a table."""
    files = {port.read["columns"][0]: port.read["by"] for port in ports if port.read["by"] in ("photo", "sound")}
    known = ("photo", "size", "sound", "given")
    others = [port for port in ports if port.read["by"] not in known and "absent" not in port.read]
    if len(files) != 1 or others:
        return {}
    ((name, kind),) = files.items()
    return {"file": name, "file_words": "PHOTO.jpg" if kind == "photo" else "SOUND.wav"}


def _told(name: str, kind: str, shape: Sequence[int | str]) -> Any:
    onnx = onnx_packages().onnx
    return onnx.helper.make_tensor_value_info(name, onnx.TensorProto.DataType.Value(kind), list(shape))
