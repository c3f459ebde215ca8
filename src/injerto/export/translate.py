"""A PyTorch module to the nodes of an ONNX graph."""

from __future__ import annotations

import inspect
import logging
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from injerto.errors import ExportError
from injerto.export.packages import onnx_packages

OPSET = 20
"""The version of ONNX's operators that is written: runtimes of 2024 and later read it."""
PREFIX = "network/"
"""Before all names within, so that no column is called the same."""
Axes = Sequence[dict[int, Any] | None]


def translated(
    core: nn.Module, examples: Sequence[Tensor], names: Sequence[str], *, axes: Axes | None = None
) -> tuple[Any, dict[str, str]]:
    """The model of `core`, which gives tensors by name, and the names of these within it.

    `names` are those of what it takes, without the prefix; `axes` says which of their axes may be of any length.

    *Raises* ExportError when packages lack, or an operator cannot be written.
    """
    packages = onnx_packages()
    outputs: list[str] = []
    with warnings.catch_warnings(), _silent(), torch.no_grad():
        warnings.simplefilter("ignore")  # of the exporter about itself
        try:
            outputs += core(*examples)  # first of all: what is kept by it must not be what the exporter makes of tensors
            shapes = None if axes is None else (tuple(axes),) if _is_variadic(core) else tuple(axes)
            program = torch.export.export(core, tuple(examples), dynamic_shapes=shapes, strict=False)
            written = torch.onnx.export(
                program,
                dynamo=True,
                opset_version=OPSET,
                input_names=list(names),
                output_names=outputs,
                custom_translation_table=_translations(),
                verbose=False,
            )
        except Exception as slip:  # the exporter has errors of a dozen kinds
            raise ExportError(
                f"This model cannot be written as ONNX by PyTorch {torch.__version__}: {str(slip).splitlines()[0]} Please "
                "report it, with this model if you can. With --hf the whole model is exported, for Injerto."
            ) from slip
    assert written is not None
    model = packages.onnx.compose.add_prefix(written.model_proto, PREFIX)
    return model, {name: PREFIX + name for name in outputs}


def any_rows(examples: Sequence[Tensor]) -> Axes:
    """The first axis of each, and the second where there is one, may be of any length."""
    return [dict.fromkeys(range(min(2, one.ndim)), torch.export.Dim.DYNAMIC) for one in examples]


def _is_variadic(core: nn.Module) -> bool:
    """Whether its forward takes `*given`, which torch sees as one argument."""
    kinds = [one.kind for one in inspect.signature(core.forward).parameters.values()]
    return inspect.Parameter.VAR_POSITIONAL in kinds


@contextmanager
def _silent() -> Iterator[None]:
    """Without the exporter's remarks on packages that are not needed."""
    logger = logging.getLogger("torch.onnx")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)


def _translations() -> dict[Callable[..., Any], Callable[..., Any]]:
    """Operators for which the exporter has no words."""
    op = onnx_packages().onnxscript.opset20

    def searchsorted(ordered: Any, values: Any, **_: Any) -> Any:
        """How many of (...,M) are below each of (...,N)."""
        below = op.Less(op.Unsqueeze(ordered, [-2]), op.Unsqueeze(values, [-1]))
        return op.ReduceSum(op.Cast(below, to=7), [-1], keepdims=0)

    def hypot(across: Any, down: Any) -> Any:
        return op.Sqrt(op.Add(op.Mul(across, across), op.Mul(down, down)))

    aten = torch.ops.aten
    return {aten.searchsorted.Tensor: searchsorted, aten.hypot.default: hypot}
