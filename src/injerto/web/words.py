"""What the pages say in other languages than English, as `words.js` reads it."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from starlette.responses import JSONResponse, Response

from injerto.metrics.meanings import MEANINGS
from injerto.report.language import LANGUAGES, LanguageCode, say, speaking

PATH = "/words.json"
"""Its address, open to all as those of the scripts: it tells nothing of a model."""
_WORDS = Path(__file__).parent / "words"


def words_response(language: LanguageCode | None) -> Response:
    """Words by language and English message, and the language that was asked for: None leaves it to the browser."""
    return JSONResponse({"language": language, "words": {code: words_in(code) for code in LANGUAGES if code != "en"}})


@cache
def words_in(code: LanguageCode) -> dict[str, str]:
    """The catalogue of the pages, with the names of figures that reports have."""
    with speaking(code):
        figures = {name.replace("_", " "): say(one.title) for name, one in MEANINGS.items()}
    return figures | catalogue(code)


def catalogue(code: LanguageCode) -> dict[str, str]:
    """By English message."""
    messages: dict[str, str] = tomllib.loads((_WORDS / f"{code}.toml").read_text(encoding="utf-8"))["messages"]
    return messages
