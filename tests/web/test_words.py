"""The words of the pages in other languages: complete, none left over, handed out to everybody."""

from __future__ import annotations

import json
import re
import string
from pathlib import Path

import pytest
from serving import served

import injerto.web
from injerto.report.language import LANGUAGES
from injerto.web.words import catalogue, words_in

PAGES = [Path(injerto.web.__file__).parent / folder for folder in ("page", "studio/page")]
SAID = re.compile(r'\bt\("((?:[^"\\]|\\.)*)"')
MARKED = re.compile(r"<(\w+)[^>]* data-t>(.*?)</\1>")
OTHERS = [code for code in LANGUAGES if code != "en"]


def messages() -> set[str]:
    scripts = [path.read_text(encoding="utf-8") for folder in PAGES for path in folder.glob("*.js")]
    pages = [path.read_text(encoding="utf-8") for folder in PAGES for path in folder.glob("*.html")]
    said = {json.loads(f'"{words}"') for script in scripts for words in SAID.findall(script)}
    return said | {words for page in pages for _, words in MARKED.findall(page)}


@pytest.mark.parametrize("code", OTHERS)
def test_every_message_has_a_translation_and_none_is_left_over(code: str) -> None:
    assert messages() == catalogue(code).keys()


@pytest.mark.parametrize("code", OTHERS)
def test_translations_fill_the_same_places(code: str) -> None:
    for english, words in catalogue(code).items():
        assert _places(words) == _places(english), english
        assert words.count("<") == english.count("<"), english
        assert words.strip(), english


def _places(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name}


def test_no_sentence_of_a_script_goes_past_the_catalogue() -> None:
    """Texts of two words or more, with a capital first, stand in t(...)."""
    sentence = re.compile(r'"([A-Z][a-z]+ [^"]*)"')
    for folder in PAGES:
        for path in folder.glob("*.js"):
            text = SAID.sub("", re.sub(r"//.*", "", path.read_text(encoding="utf-8")))
            assert sentence.findall(text) == [], path.name


def test_the_server_hands_the_words_out_without_a_token(birds_model: Path) -> None:
    with served(birds_model, token="a-token-of-some-length", language="es") as client:
        client.token = None
        told = client.get("/words.json").told
    assert told == {"language": "es", "words": {"es": words_in("es")}}
    assert told["words"]["es"]["balanced accuracy"] == "exactitud equilibrada"
