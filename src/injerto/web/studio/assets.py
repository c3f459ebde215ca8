"""The studio's page and what it loads; its look and its small pieces are those of the page that serves models."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from starlette.responses import Response

from injerto.web import assets

_HERE = Path(__file__).parent / "page"
_OWN = {f"/{path.name}": path.name for path in sorted(_HERE.iterdir()) if path.suffix in (".css", ".js")}
_SHARED = ("/page.css", "/elements.js", "/server.js", "/words.js")
ASSETS = frozenset({"/", *_OWN, *_SHARED})
"""Addresses that tell nothing of anybody's data: they are answered without a token."""


@cache
def asset(path: str) -> Response:
    """What lies at the address `path`, one of ASSETS."""
    if path in _SHARED:
        return assets.asset(assets.ASSETS[path])
    kind = {".css": "text/css", ".js": "text/javascript"}.get(Path(path).suffix, "text/html")
    return Response((_HERE / _OWN.get(path, "studio.html")).read_text(encoding="utf-8"), media_type=kind)
