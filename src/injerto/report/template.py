"""A page made from its template in this folder, with style and script inside: nothing is asked of the network."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from injerto.report.language import say, say_html, several, spoken, written
from injerto.report.notes import note, note_text

_HERE = Path(__file__).parent
_SAID = re.compile(r'\bsay\("((?:[^"\\]|\\.)*)"')
FRAME_SCRIPT = "say.js"
"""What every page's script begins with."""


def environment() -> Environment:
    """Templates of this folder: what the user wrote is escaped, a value that lacks is an error."""
    made = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.globals |= {"say": say, "say_html": say_html, "several": several, "note": note, "note_text": note_text}
    made.filters["written"] = written
    return made


def filled(name: str, *, style: tuple[str, ...], script: tuple[str, ...] = (), **values: Any) -> str:
    """The template `name` with `values` in the language that is spoken; files of `style` and `script` stand inside."""
    code = inside(FRAME_SCRIPT, *script) if script else Markup()
    return (
        environment()
        .get_template(name)
        .render(**values, style=inside(*style), script=code, words=_words(code), speech=spoken())
    )


def inside(*names: str) -> Markup:
    """Files of style or script as they stand, one after the other."""
    return Markup("\n".join((_HERE / name).read_text(encoding="utf-8") for name in names))


def said_in(script: str) -> list[str]:
    """The messages of a script."""
    return [json.loads(f'"{message}"') for message in _SAID.findall(script)]


def script_safe(data: object) -> Markup:
    """JSON that cannot end the script element it stands in, whatever a user wrote."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)


def _words(script: str) -> Markup:
    """What the script says in another language, by its English."""
    found = {message: say(message) for message in said_in(script)}
    return script_safe({message: words for message, words in found.items() if words != message})
