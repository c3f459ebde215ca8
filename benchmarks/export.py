"""How near a model that was exported to ONNX stays to the one it came from, and how fast it answers.

Run: python benchmarks/export.py MODEL TABLE [ROWS]. MODEL is a folder that `injerto train` wrote. It is exported to a folder
that is thrown away; its script is asked of rows of TABLE as `injerto export` does, and timed on them, one row at a time on
one core.
"""

from __future__ import annotations

import importlib.util
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from types import ModuleType

import onnxruntime
import torch
from machine import machine

import injerto
from injerto.export.script import reads_tables

ROWS = 20


def main(model: str, table: str, rows: int = ROWS) -> None:
    """Export, compare, time, print."""
    torch.set_num_threads(1)
    trained, data = injerto.load(model), injerto.Table.read(table)
    with tempfile.TemporaryDirectory() as name:
        started = time.perf_counter()
        found = trained.export(onnx=Path(name) / "onnx", check=data).parity
        seconds = time.perf_counter() - started
        assert found is not None
        size = sum(file.stat().st_size for file in (Path(name) / "onnx").iterdir()) / 1e6
        spec = importlib.util.spec_from_file_location("script", Path(name) / "onnx" / "predict.py")
        assert spec is not None and spec.loader is not None
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads = 1
        script.MODEL = onnxruntime.InferenceSession(Path(name) / "onnx" / "model.onnx", settings)
        fed = [script.feed(row) for row in rows_of(script, data, table)[:rows]]
        times = []
        for feed in fed:
            before = time.perf_counter()
            script.MODEL.run(None, feed)
            times.append(time.perf_counter() - before)
    columns = ["rows compared", "largest difference", "files read by Injerto", "from `injerto predict`"]
    columns += ["other words", "size"]
    print(f"| {' | '.join([*columns, 'written in', 'ms a row'])} |\n|{'---|' * (len(columns) + 2)}")
    pace = f"{1000 * statistics.median(times):.2f}" if times else ""
    print(
        f"| {found.rows} | {found.difference:.1e} | {found.as_read:.1e} | {found.as_predicted:.1e} "
        f"| {found.other_words} "
        f"| {size:.1f} MB | {seconds:.0f} s | {pace} |"
    )
    print(f"\n{found.where}\n{machine()}, ONNX Runtime {onnxruntime.__version__}")


def rows_of(script: ModuleType, data: injerto.Table, table: str) -> list[dict[str, str]]:
    """Rows as the script takes them."""
    facts = json.loads(script.MODEL.get_modelmeta().custom_metadata_map["injerto"])
    if reads_tables(facts):
        return list(script.rows(table))
    return [{facts["file"]: str(data.folder / cell)} for cell in data.frame[facts["file"]]]


if __name__ == "__main__":
    main(*sys.argv[1:3], *(int(one) for one in sys.argv[3:4]))
