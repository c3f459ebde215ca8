"""A page made from its template in this folder, with style and script inside: nothing is asked of the network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

_HERE = Path(__file__).parent


def filled(name: str, **values: Any) -> str:
    """The template `name` with `values`; what the user wrote is escaped, a value that lacks is an error."""
    words = Environment(loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return words.get_template(name).render(**values)


def inside(*names: str) -> Markup:
    """Files of style or script as they stand, one after the other."""
    return Markup("\n".join((_HERE / name).read_text(encoding="utf-8") for name in names))
