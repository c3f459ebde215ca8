"""That all machines look at files with the same number of bits, where what they see is held against what training saw."""

from __future__ import annotations

from injerto.backbones.engines import ENGINE_SETTING, engine_of
from injerto.errors import ScaleError


def engine_name() -> str:
    """What training and drift look with on this machine."""
    return engine_of("auto").name


def require_same_engine(name: str) -> None:
    """*Raises* ScaleError when this machine would look with another engine than the one that sent the work."""
    if engine_name() != name:
        raise ScaleError(
            f"it would look at files with '{engine_name()}', the machine that the command was given on with '{name}', and the "
            f"difference of bits would count as one of the files. Set {ENGINE_SETTING}=exact where you give the command"
        )
