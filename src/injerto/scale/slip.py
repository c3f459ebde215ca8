"""A mistake on its way from a worker to where the command was given: there it is the same exception again."""

from __future__ import annotations

import pickle
import traceback

from injerto.errors import InjertoError, ScaleError


def packed(slip: Exception) -> bytes:
    """`slip` as bytes; what Injerto did not raise on purpose takes its traceback along, as a note."""
    if not isinstance(slip, InjertoError):
        slip.add_note("".join(traceback.format_exception(slip)))
    try:
        content = pickle.dumps((type(slip), slip.args, vars(slip)))
        unpacked(content)
    except Exception:  # it holds what cannot travel
        content = pickle.dumps((ScaleError, (f"The first process could not go on: {slip!r}",), {}))
    return content


def unpacked(content: bytes) -> Exception:
    """What `packed` was given. It comes from a process of this very command."""
    kind, arguments, state = pickle.loads(content)
    # Not kind(*arguments): several of ours make their message of something else than they keep.
    slip: Exception = kind.__new__(kind, *arguments)
    slip.args = arguments
    vars(slip).update(state)
    return slip
