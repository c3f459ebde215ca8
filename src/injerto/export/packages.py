"""The optional packages that write and run ONNX (`pip install injerto[onnx]`), imported in this one place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from injerto.errors import ExportError


@dataclass(frozen=True)
class OnnxPackages:
    """The modules, as they are imported."""

    onnx: Any
    onnxruntime: Any
    onnxscript: Any


@cache
def onnx_packages() -> OnnxPackages:
    """*Raises* ExportError when one of them is not installed."""
    try:
        import onnx
        import onnx.numpy_helper
        import onnxruntime
        import onnxscript
    except ImportError as missing:
        raise ExportError(
            f"Writing ONNX needs packages that are not installed ({missing.name} is missing). Run: pip install 'injerto[onnx]'"
        ) from missing
    return OnnxPackages(onnx, onnxruntime, onnxscript)
