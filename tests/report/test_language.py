import re
import string
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from report_text import seen_text
from spoken import spoken_messages

import injerto
from injerto.report.language import LANGUAGES, Catalogue, catalogue_of, known_language, say, several, speaking, spoken, written
from injerto.report.notes import note, translated
from injerto.report.page import page

SOURCE = Path(injerto.__file__).parent
TABLE = {
    "mass_g": [9.0, 10.0, 11.0, 12.5, 60.0, 61.0, None, 63.0] * 8,
    "hour": ["day", "night"] * 32,
    "nest": [k // 4 for k in range(64)],
    "same": ["x"] * 64,
    "species": (["wren"] * 4 + ["jay"] * 4) * 8,
}
SIZES = re.compile(r"\b(small|moderate|large)\b( change|\))")
"""Put together of single words."""
OTHERS = [code for code in LANGUAGES if code != "en"]


def places(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name}


@pytest.fixture(scope="module")
def model() -> injerto.Model:
    return injerto.train(TABLE, "species", group="nest", seed=1, language="es")


@pytest.mark.parametrize("code", OTHERS)
def test_every_message_has_a_translation_and_no_translation_is_left_over(code):
    assert spoken_messages() == catalogue_of(code).messages.keys()


@pytest.mark.parametrize("code", OTHERS)
def test_translations_fill_the_same_places_with_the_same_tags(code):
    catalogue = catalogue_of(code)
    for english, words in {**catalogue.messages, **catalogue.notes}.items():
        assert places(words) == places(english), english
        assert words.strip(), english
        assert words.count("<") == english.count("<"), english


@pytest.mark.parametrize("code", OTHERS)
def test_notes_are_sentences_that_the_code_still_says(code):
    """Pairs of words of its longest fixed part, or where that is short its words, stand in some source file."""
    code_text = " ".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py") if path.parent.name != "report")
    for pattern in catalogue_of(code).notes:
        if SIZES.search(pattern):
            continue
        parts = [part for literal, *_ in string.Formatter().parse(pattern) for part in re.split("[\"'%]", literal)]
        words = max(parts, key=len).split()
        pairs = [f"{one} {other}" for one, other in pairwise(words)] if len(words) > 3 else []
        assert any(one.rstrip("s") in code_text for one in pairs or words), pattern


def test_a_page_in_another_language_says_so_and_has_no_english_left(model):
    html = page(model.artifact)
    assert '<html lang="es">' in html
    assert 'lang="en"' not in html.replace('<pre lang="en">', "")
    assert "Acierta en el" in html
    assert "Qué se confunde con qué" in html


def test_every_word_of_a_page_goes_through_the_catalogue(model, monkeypatch):
    """In a language that hides every message, what is left is the user's, numbers and names."""
    hidden = Catalogue("es", _Hidden(), {}, thousands="", percent="%")
    monkeypatch.setattr("injerto.report.page.speaking", lambda code: speaking(hidden))
    left = seen_text(page(model.artifact))
    known = {
        "species",
        "mass_g",
        "hour",
        "nest",
        "same",
        "wren",
        "jay",
        "day",
        "night",
        "s",
        "table",
        "UNKNOWN",
        "network",
        "linear",
    }
    assert {word for word in left if word.isalpha()} - known == set()


class _Hidden(dict):
    """Each message as bare places."""

    def __getitem__(self, message):
        return " ".join(f"{{{name}}}" for name in places(message))

    def get(self, message, default=None):
        return self[message]

    def __contains__(self, message):
        return True


def test_the_language_is_kept_with_the_model(model, tmp_path):
    again = injerto.load(model.save(tmp_path / "m"))
    assert again.language == "es"
    assert '<html lang="es">' in (tmp_path / "m" / "report.html").read_text(encoding="utf-8")
    assert '<html lang="es">' in again.embeddings_page("hour")
    assert '<html lang="en">' in again.embeddings_page("hour", language="en")


def test_a_language_that_is_not_known_is_english():
    assert known_language("es") == "es"
    assert known_language("tlh") == known_language(None) == "en"


def test_a_drift_page_speaks_the_language_that_is_asked_for(model):
    found = model.drift({name: cells[:40] for name, cells in TABLE.items()})
    html = model.drift_page(found, model="aves", table="nuevas")
    assert "frente a lo que enseñó a aves" in html
    assert '<span lang="en">' not in html
    assert '<html lang="en">' in model.drift_page(found, language="en")


def test_numbers_are_written_in_the_manner_of_the_language():
    with speaking("es"):
        assert written(12345, ",") == "12\u202f345"
        assert written(1234.5, ",.1f") == "1234.5"
        assert written(0.5, ".0%") == "50\u00a0%"
        assert say("{count:,} rows", count=12345) == "12\u202f345 filas"
        assert several(1, "{count} row", "{count} rows") == "1 fila"
    assert written(12345, ",") == "12,345"


def test_a_note_that_cannot_be_translated_stays_english_and_is_marked():
    with speaking("es") as speech:
        words = note("Every <nest> stands on one side. The test rows have been looked at once, by training itself.")
        assert words.startswith('<span lang="en">Every &lt;nest&gt; stands on one side.</span> Las filas de prueba')
        assert speech.untold == ["Every <nest> stands on one side."]
    assert spoken().untold == []
    assert note("Every <nest>.") == "Every &lt;nest&gt;."


def test_a_note_that_is_a_number_alone_is_written_as_the_language_does():
    with speaking("es") as speech:
        assert note("91.0%") == "91.0\u00a0%"
        assert note("12,345") == "12\u202f345"
        assert speech.untold == []


def test_who_judged_the_labels_is_told_in_the_language():
    with speaking("es") as speech:
        told = note(
            "1,200 of 1,500 rows were judged by the linear model and boosted trees that learned from other rows only, 1,200 "
            "less a fifth each time. That took 1.5 s beside 3.2 s of training."
        )
        assert speech.untold == []
    assert told.startswith("1200 de 1500 filas las juzgaron modelos sencillos (modelo lineal y árboles potenciados)")


def test_parts_of_a_note_are_translated_with_it():
    with speaking("es"):
        assert translated("1,585 rows train, 135 tune and 180 test, at random.") == (
            "1585 filas entrenan, 135 validan y 180 prueban, al azar."
        )
        assert translated("585 rows train, 135 tune and 180 test, by the moon.") is None
        assert translated(
            "These rows do not show that the model is better than the linear model: log loss +0.1 (-0.2 to +0.4)."
        ) == (
            "Estas filas no muestran que el modelo sea mejor que el modelo lineal: pérdida logarítmica +0.1 (de -0.2 a +0.4)."
        )


def test_a_message_without_translation_stays_english():
    with speaking(Catalogue("es")):
        assert say("rows") == "rows"


def test_outside_of_a_page_english_is_spoken():
    assert say("rows") == "rows"
    assert np.isclose(float(written(0.25)), 0.25)
