"""A page of every kind, of tiny models and made photos."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
from PIL import Image

import injerto
from injerto.evidence.pictures import address
from injerto.model import Model
from injerto.report.identify import About, Alike, Identified, identify_page
from injerto.report.language import LanguageCode
from injerto.report.page import page
from injerto.report.recipe import HeadGallery, Line, Shape, ShownHead, stages_page
from made_ears import listener, recording, write
from made_everything import INPUTS, TARGETS, everything, model_of
from small import birds, birds_schema

TRANSLATED = "informe"
"""The report in Spanish."""
EXPLAINED = "explicacion"
"""One row explained in Spanish; all kinds of columns, photos and sounds among them."""
RECIPE = "receta"
QUICK = ("report", TRANSLATED, "drift", "embeddings", "identify", "recipe", RECIPE, "explanation", EXPLAINED)
OF_SOUNDS = ("sounds", "listening")
"""Pages that take seconds more, as a network learns to hear."""


def jpeg(shade: int = 120) -> bytes:
    """A small photo."""
    levels = np.random.default_rng(shade).integers(0, 255, (60, 80, 3)).astype(np.uint8)
    target = io.BytesIO()
    Image.fromarray(levels).save(target, "JPEG")
    return target.getvalue()


class Pages:
    """Pages by name, as files in a folder; each is made when it is first wanted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __getitem__(self, name: str) -> Path:
        path = self.folder / f"{name}.html"
        if not path.exists():
            made = _of_sounds(self.folder) if name in OF_SOUNDS else _quick(self.folder)
            for one, html in made.items():
                (self.folder / f"{one}.html").write_text(html, encoding="utf-8")
        return path


def _quick(folder: Path) -> dict[str, str]:
    return {
        **_of_a_table(),
        "identify": _of_individuals(),
        "recipe": _of_a_recipe("en"),
        RECIPE: _of_a_recipe("es"),
        **_of_a_row(folder),
    }


def _of_a_table() -> dict[str, str]:
    model = injerto.train(birds(160, 0), schema=birds_schema(epochs=4))
    evidence = model.artifact.evidence["species"]
    for row in evidence["worst"]:
        row["pictures"] = [address(jpeg())]
    found = {"report": page(model.artifact)}
    drifted = model.drift(birds(80, 5).with_columns(mass_g=birds(80, 5)["mass_g"] * 2))
    found["drift"] = model.drift_page(drifted, model="birds.model", table="a week that has a long name.csv")
    found["embeddings"] = model.embeddings_page("hour")
    model.artifact.facts["language"] = "es"
    found[TRANSLATED] = page(model.artifact)
    return found


def _of_sounds(folder: Path) -> dict[str, str]:
    model = listener(folder / "clips")
    calls = [(2.0, 2.6, "low"), (5.0, 5.5, "high")]
    heard = model.listen(write(folder / "recordings" / "a.wav", recording(12.0, calls)))
    return {"sounds": page(model.artifact), "listening": model.listening_page(heard)}


def _of_individuals() -> str:
    alike = [Alike(f"animal {place}", 0.9 / 2**place, 0.9 - 0.1 * place, jpeg(place), f"{place}.jpg") for place in range(8)]
    found = [
        Identified("one.jpg", "known", 0.04, [jpeg()], alike),
        Identified("a photo with a very long name that goes on and on and on.jpg", "new", 0.88, [jpeg()] * 3, alike),
        Identified("nobody.jpg", "cannot tell", 0.5, [], []),
    ]
    about = About("whales.model", 412, 2874, "It errs now and then.", True, "0.1", [("broken.jpg", "zero bytes")])
    return identify_page(found, about)


def _of_a_row(folder: Path) -> dict[str, str]:
    """Every kind of column and of target that vectors answer."""
    (folder / "everything").mkdir()
    table = everything(folder / "everything")
    model = Model(model_of(table, list(INPUTS), list(TARGETS)))
    found = model.explain(table, 3, among=table)
    return {"explanation": model.explain_page(found), EXPLAINED: model.explain_page(found, language="es")}


def _of_a_recipe(language: LanguageCode) -> str:
    photo = "data:image/jpeg;base64," + base64.b64encode(jpeg()).decode()
    marked = Shape("marked", (5.0, 5.0, 50.0, 40.0), [(20.0, 20.0), (40.0, 30.0)])
    head = ShownHead(
        "ash", "photos/ash-1.jpg", "points off by 3.0% of the head's length", photo, 80, 60, [marked], photo, photo
    )
    line = Line("pointer", "within 5 %, in the marked box", "91.0%", 12, "pointer/report.html")
    caption = (
        "Yellow: as a person marked it; blue, dashed: as found without the marks. The larger circle is the point in front. "
        "Beside the photo the passport photo of the marks, then that of what was found."
    )
    return stages_page(
        "whale",
        "40 rows train, 10 tune, 12 test, the same for every stage.",
        figures=[line],
        galleries=[HeadGallery("Test rows, farthest off first", caption, [head])],
        problems=[(3, "b.jpg", "zero bytes")],
        language=language,
    )
