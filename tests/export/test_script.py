import io
import re

import numpy as np
import pytest
import soundfile
import soxr
from PIL import Image, ImageOps

from injerto.export.script import packages_of, script, usage_of
from injerto.export.script_parts import FUNCTIONS
from injerto.table.pixels import decode
from made_media import encoded, exif, quadrants, textured

NOTHING_SAID = "@EMPTY_PHOTO@", "@EMPTY_SOUND@"


def reader(name, *, optional=False):
    """One function of the script."""
    space = {"np": np, "soundfile": soundfile, "Image": Image, "ImageOps": ImageOps}
    text = FUNCTIONS[name]
    for mark in NOTHING_SAID:
        text = text.replace(mark, FUNCTIONS[mark.strip("@").lower()] if optional else "")
    exec(text, space)
    return space[name.removesuffix("_whole")]


def lines(text):
    """Lines of code: without the docstrings and what is empty."""
    code = re.sub(r'"""(.|\n)*?"""', "", text)
    return [line for line in code.splitlines() if line.strip()]


@pytest.mark.parametrize(("found_hz", "rate_hz"), [(8000, 44_100), (44_100, 32_000), (48_000, 32_000), (16_000, 32_000)])
def test_sounds_of_another_rate_are_as_soxr_makes_them(found_hz: int, rate_hz: int):
    """White noise is the hardest case: all of what is cut off is full of it."""
    samples = np.random.default_rng(0).normal(0, 0.1, found_hz + 137).astype(np.float32)
    file = io.BytesIO()
    soundfile.write(file, samples, found_hz, format="WAV", subtype="FLOAT")
    file.seek(0)
    found = reader("sound")(file, rate_hz)
    expected = soxr.resample(samples, found_hz, rate_hz, quality="HQ")
    length = min(len(found), len(expected))
    assert abs(len(found) - len(expected)) <= 1
    apart = found[:length] - expected[:length]
    assert np.sqrt(np.square(apart).mean() / np.square(expected).mean()) < 0.003


def test_a_clip_of_a_sound_of_the_rate_is_cut_as_it_is():
    samples = np.random.default_rng(0).normal(0, 0.1, (8000, 2)).astype(np.float32)
    file = io.BytesIO()
    soundfile.write(file, samples, 8000, format="WAV", subtype="FLOAT")
    file.seek(0)
    found = reader("sound")(file, 8000, "0.25", "0.75")
    assert np.array_equal(found, samples[2000:6000].mean(axis=1))
    assert np.array_equal(reader("sound", optional=True)("", 8000), [0.0])


@pytest.mark.parametrize("orientation", range(1, 9))
def test_photos_are_turned_upright(orientation: int):
    content = encoded(Image.fromarray(quadrants()), "PNG", exif=exif(orientation)[6:])
    assert np.array_equal(reader("photo_whole")(io.BytesIO(content)), decode(content))
    assert reader("size")(io.BytesIO(content)).tolist() == [*decode(content).shape[1::-1]]


@pytest.mark.parametrize("times", [0.8, 1.5, 2.3, 3.4, 5.6, 9.0])
@pytest.mark.parametrize("orientation", [1, 3, 6])
def test_large_jpegs_have_the_levels_that_injerto_reads(times: float, orientation: int):
    height, width = int(96 * times) + 5, int(120 * times)
    content = encoded(Image.fromarray(textured(height, width)), "JPEG", quality=90, exif=exif(orientation))
    found = reader("photo")(io.BytesIO(content), 96)
    assert np.array_equal(found, decode(content, shortest=96))
    assert min(found.shape[:2]) >= min(96, height)


def test_a_photo_that_is_missing_beside_columns():
    assert reader("photo", optional=True)("", 96).shape == (1, 1, 3)


def test_the_usual_scripts_are_short():
    told = {"photo": {"by": "photo", "columns": ["photo"], "shortest": 224}}
    photos = script({"inputs": told, "outputs": {}, "file": "photo", "file_words": "PHOTO.jpg"})
    columns = {name: {"by": "number", "columns": [name]} for name in ("mass", "size")}
    columns |= {name: {"by": "level", "columns": [name]} for name in ("site", 'day "of" week')}
    table = script({"inputs": columns, "outputs": {}})
    assert len(lines(photos)) <= 22
    assert len(lines(table)) <= 27
    for text in (photos, table):
        compile(text, "predict.py", "exec")
        assert "@" not in text
        assert max(map(len, text.splitlines())) <= 128


def test_hundreds_of_columns_are_listed():
    names = [f'column  number {place}, of "many"' for place in range(300)]
    text = script({"inputs": {name: {"by": "number", "columns": [name]} for name in names}, "outputs": {}})
    space = {}
    exec(text[text.index("NUMBERS =") : text.index("NOTHING =")], space)
    assert space["NUMBERS"] == names


def test_what_is_not_used_is_not_imported():
    told = {"inputs": {"n": {"by": "number", "columns": ["n"]}}, "outputs": {}}
    text = script(told)
    assert packages_of(told) == ["onnxruntime", "numpy"]
    assert usage_of(told) == ["python predict.py TABLE.csv"]
    assert not re.search(r"PIL|soundfile|hashlib|unicodedata|defaultdict|datetime", text)
    compile(text, "predict.py", "exec")
