"""The page and what it loads, from the folder `page`; its look begins with that of the report, and of explanations."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from starlette.responses import Response

from injerto.report.template import inside

_HERE = Path(__file__).parent / "page"
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
ASSETS = {"/": "page.html"} | {f"/{path.name}": path.name for path in sorted(_HERE.iterdir()) if path.suffix in (".css", ".js")}
"""Files by address."""


@cache
def asset(name: str) -> Response:
    """The file `name` as a response."""
    text = (_HERE / name).read_text(encoding="utf-8")
    if name == "page.css":
        text = f"{inside(name)}\n.why {{\n{inside('explanation.css')}\n}}\n{text}"
    return Response(text, media_type=_TYPES[Path(name).suffix])
