"""How photos are made smaller in an exported graph, against ONNX's own antialiased resize: levels that PyTorch gives otherwise.

On noise, which is the hardest case, seed 0; one core. Run: python benchmarks/export_resize.py
"""

from __future__ import annotations

import time

import numpy as np
import onnxruntime
import torch
from machine import machine
from onnx import TensorProto, helper

from injerto.export.resize import squeezed
from injerto.export.translate import OPSET, translated
from injerto.features.image import squeezed as by_torch

SIDE = 224
LENGTHS = (40, 100, 300, 512, 1000, 3000)


class Squeezed(torch.nn.Module):
    """As in a graph."""

    def forward(self, square: torch.Tensor) -> dict[str, torch.Tensor]:
        """(3,L,L) to (1,3,224,224)."""
        return {"small": squeezed(square, SIDE)}


def session(content: bytes) -> onnxruntime.InferenceSession:
    """On one core."""
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(content, settings)


def theirs() -> onnxruntime.InferenceSession:
    """ONNX's Resize of bytes, with nothing beyond the edge."""
    how = {"mode": "linear", "antialias": 1, "exclude_outside": 1, "coordinate_transformation_mode": "half_pixel"}
    node = helper.make_node("Resize", ["square", "", "", "sizes"], ["small"], **how)
    tensor = helper.make_tensor_value_info
    given = tensor("square", TensorProto.UINT8, [1, 3, "length", "length"])
    found = tensor("small", TensorProto.UINT8, [1, 3, SIDE, SIDE])
    sizes = helper.make_tensor("sizes", TensorProto.INT64, [4], [1, 3, SIDE, SIDE])
    graph = helper.make_graph([node], "resize", [given], [found], [sizes])
    return session(helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10).SerializeToString())


def main() -> None:
    """Measure, print."""
    torch.set_num_threads(1)
    length = torch.export.Dim("length", min=2)
    model, _ = translated(Squeezed(), [torch.zeros(3, 64, 64, dtype=torch.uint8)], ["square"], axes=[{1: length, 2: length}])
    ours, other = session(model.SerializeToString()), theirs()
    random = np.random.default_rng(0)
    print("| side | ONNX Resize: levels off | by at most | ms | here: levels off | ms |\n|---|---|---|---|---|---|")
    for side in LENGTHS:
        pixels = random.integers(0, 256, (side, side, 3), dtype=np.uint8)
        expected = by_torch(torch.from_numpy(pixels), SIDE).numpy().astype(int)
        square = np.ascontiguousarray(pixels.transpose(2, 0, 1))
        told = []
        for runs, fed in ((other, square[None]), (ours, square)):
            runs.run(None, {runs.get_inputs()[0].name: fed})
            started = time.perf_counter()
            (found,) = runs.run(None, {runs.get_inputs()[0].name: fed})
            apart = np.abs(found[0].astype(int) - expected)
            told.append(((apart > 0).mean(), apart.max(), 1000 * (time.perf_counter() - started)))
        (share, most, ms), (own_share, _, own_ms) = told
        print(f"| {side} | {share:.2%} | {most} | {ms:.0f} | {own_share:.2%} | {own_ms:.0f} |")
    print(f"\n{machine()}, ONNX Runtime {onnxruntime.__version__}")


if __name__ == "__main__":
    main()
