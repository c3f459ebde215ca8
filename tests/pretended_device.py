"""A device that is not there: its tensors hold one of the processor, and an operator that mixes both fails as on a GPU.

To import this registers the device in the whole process, so tests do it in one of their own. Nothing is computed otherwise
than on the processor, to the last bit; what is tried is where every tensor lies.
"""

from __future__ import annotations

from typing import Any

import torch
from torch.utils import _pytree
from torch.utils.backend_registration import _setup_privateuseone_for_python_backend

NAME = "pretended"
aten = torch.ops.aten
BETWEEN_DEVICES = {aten._to_copy.default, aten.copy_.default}
"""Operators that may have tensors of both."""
DRAWS = ("aten::rand", "aten::normal", "aten::uniform", "aten::bernoulli", "aten::native_dropout", "aten::random")
"""Operators whose draws on a GPU are other ones than on the processor, so that a run would not be the same."""


class Module:
    """What torch asks of a type of device."""

    def is_initialized(self) -> bool:
        """It needs no start."""
        return True

    def is_available(self) -> bool:
        """As far as torch can see."""
        return True

    def _is_in_bad_fork(self) -> bool:
        return False

    def current_device(self) -> int:
        """The only one."""
        return 0

    def device_count(self) -> int:
        """One."""
        return 1

    def get_amp_supported_dtype(self) -> list[torch.dtype]:
        """What `torch.autocast` may cast to."""
        return [torch.bfloat16]

    def manual_seed_all(self, seed: int) -> None:
        """It draws nothing."""

    def get_rng_state(self, device: object = None) -> torch.Tensor:
        """Of what it does not draw."""
        return torch.zeros(1, dtype=torch.uint8)

    def set_rng_state(self, state: torch.Tensor, device: object = None) -> None:
        """Nothing follows from it."""


_setup_privateuseone_for_python_backend(NAME, backend_module=Module())
DEVICE = torch.device(NAME, 0)
# `Module.to` then fills the parameters that there are, as on a GPU, in place of making others.
torch.__future__.set_swap_module_params_on_conversion(True)


class Pretended(torch.Tensor):
    """A tensor that says it lies on the device."""

    held: torch.Tensor

    @staticmethod
    def __new__(cls, held: torch.Tensor) -> Pretended:
        laid = {} if held.is_sparse else {"strides": held.stride(), "storage_offset": held.storage_offset()}
        return torch.Tensor._make_wrapper_subclass(  # type: ignore[attr-defined, no-any-return]
            cls, held.shape, dtype=held.dtype, layout=held.layout, device=DEVICE, **laid
        )

    def __init__(self, held: torch.Tensor) -> None:
        self.held = held

    def __repr__(self) -> str:  # type: ignore[override]
        return f"Pretended({self.held})"

    @classmethod
    def __torch_dispatch__(
        cls, func: Any, types: object, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        return computed(func, args, kwargs or {})


def computed(func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """What `func` gives of tensors that are all on the device. *Raises* RuntimeError where one is not."""
    given, spec = _pytree.tree_flatten((args, kwargs))
    elsewhere = [one for one in given if isinstance(one, torch.Tensor) and not isinstance(one, Pretended)]
    if elsewhere and func not in BETWEEN_DEVICES:
        shapes = ", ".join(str(tuple(one.shape)) for one in elsewhere)
        raise RuntimeError(f"{func}: all tensors are to be on {DEVICE}, but of shape {shapes} there are some on the processor.")
    if str(func.name()).startswith(DRAWS):
        raise RuntimeError(f"{func}: nothing is to be drawn on {DEVICE}.")
    told = kwargs.get("device")
    there = told is None or torch.device(told).type == NAME
    args, kwargs = _pytree.tree_unflatten([_held(one) for one in given], spec)
    found = func(*args, **kwargs)
    of_held = {id(one.held): one for one in given if isinstance(one, Pretended)}
    return _pytree.tree_map(lambda one: _wrapped(one, of_held, there), found)


def _held(one: Any) -> Any:
    if isinstance(one, torch.device):
        return torch.device("cpu")
    return one.held if isinstance(one, Pretended) else one


def _wrapped(one: Any, of_held: dict[int, Pretended], there: bool) -> Any:
    """What was found as it lies there; what was changed in place is the tensor that was given."""
    if not isinstance(one, torch.Tensor) or not there:
        return one
    return of_held[id(one)] if id(one) in of_held else Pretended(one)


@torch.library.impl("aten::empty_strided", "PrivateUse1")  # type: ignore[misc]
def _empty_strided(size: Any, stride: Any, **options: Any) -> Pretended:
    return Pretended(torch.empty_strided(size, stride, dtype=options.get("dtype")))


@torch.library.impl("aten::empty.memory_format", "PrivateUse1")  # type: ignore[misc]
def _empty(size: Any, **options: Any) -> Pretended:
    return Pretended(torch.empty(size, dtype=options.get("dtype"), memory_format=options.get("memory_format")))


SHORT = ("conv1d", "conv2d", "linear", "matmul", "mm", "mv", "bmm", "addmm", "addmv", "addbmm", "baddbmm", "einsum", "prelu")
"""Operators that `torch.autocast` lets a GPU compute in bfloat16, as far as networks here have them."""
WHOLE = ("sum", "prod", "pow", "exp", "log", "log10", "log1p", "rsqrt", "acos", "norm", "softmax", "log_softmax", "softplus")
WHOLE += ("cumsum", "cross_entropy_loss", "smooth_l1_loss", "binary_cross_entropy_with_logits", "layer_norm", "reciprocal")
"""And those that it makes a GPU compute in float32."""
_AUTOCAST = torch._C.DispatchKeySet(torch._C.DispatchKey.AutocastPrivateUse1)


def _cast_first(operator: Any, dtype: torch.dtype | None) -> Any:
    """`operator` with its tensors of floating point as `dtype`; None for what `torch.autocast` is told to cast to."""

    def cast(*args: Any, **kwargs: Any) -> Any:
        to = dtype or torch.get_autocast_dtype(NAME)
        with torch._C._ExcludeDispatchKeyGuard(_AUTOCAST):
            args, kwargs = _pytree.tree_map(
                lambda one: one.to(to) if isinstance(one, torch.Tensor) and one.is_floating_point() else one, (args, kwargs)
            )
            return operator(*args, **kwargs)

    return cast


_others = torch.library.Library("_", "IMPL")
_others.fallback(torch.library.fallthrough_kernel, "AutocastPrivateUse1")
for _names, _dtype in ((SHORT, None), (WHOLE, torch.float32)):
    for _name in _names:
        for _overload in getattr(aten, _name).overloads():
            _operator = getattr(getattr(aten, _name), _overload)
            if "out" not in _overload and "Dimname" not in str(_operator._schema):
                torch.library.impl(_operator.name(), "AutocastPrivateUse1")(_cast_first(_operator, _dtype))
