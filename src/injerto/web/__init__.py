"""Door: a model for browsers and for programs, over HTTP. Needs the extra `serve`."""

from __future__ import annotations

from importlib.util import find_spec

from injerto.errors import ServeError

_NEEDED = ("starlette", "uvicorn", "python_multipart")

_missing = [name for name in _NEEDED if find_spec(name) is None]
if _missing:
    raise ServeError(f"Serving needs packages that are not installed: {', '.join(_missing)}. Run: pip install 'injerto[serve]'")
