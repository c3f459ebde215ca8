import io
import re

import numpy as np
import pytest
import soundfile
import soxr
from PIL import Image

from injerto.export.script import READERS, packages_of, script
from injerto.table.pixels import decode
from made_media import encoded, exif, quadrants


def reader(name):
    """One function of the script."""
    space = {"np": np, "soundfile": soundfile, "Image": Image}
    from PIL import ImageOps

    exec(READERS[name], space | {"ImageOps": ImageOps}, space)
    space["ImageOps"] = ImageOps
    return space[name]


@pytest.mark.parametrize(("found_hz", "rate_hz"), [(8000, 44_100), (44_100, 32_000), (48_000, 32_000), (16_000, 32_000)])
def test_sounds_of_another_rate_are_as_soxr_makes_them(found_hz: int, rate_hz: int):
    """White noise is the hardest case: all of what is cut off is full of it."""
    samples = np.random.default_rng(0).normal(0, 0.1, found_hz + 137).astype(np.float32)
    file = io.BytesIO()
    soundfile.write(file, samples, found_hz, format="WAV", subtype="FLOAT")
    file.seek(0)
    found = reader("sound")({"rate_hz": rate_hz}, file)
    expected = soxr.resample(samples, found_hz, rate_hz, quality="HQ")
    length = min(len(found), len(expected))
    assert abs(len(found) - len(expected)) <= 1
    apart = found[:length] - expected[:length]
    assert np.sqrt(np.square(apart).mean() / np.square(expected).mean()) < 0.02


def test_a_clip_of_a_sound_of_the_rate_is_cut_as_it_is():
    samples = np.random.default_rng(0).normal(0, 0.1, (8000, 2)).astype(np.float32)
    file = io.BytesIO()
    soundfile.write(file, samples, 8000, format="WAV", subtype="FLOAT")
    file.seek(0)
    found = reader("sound")({"rate_hz": 8000}, file, "0.25", "0.75")
    assert np.array_equal(found, samples[2000:6000].mean(axis=1))
    assert np.array_equal(reader("sound")({"rate_hz": 8000}, ""), [0.0])


@pytest.mark.parametrize("orientation", range(1, 9))
def test_photos_are_turned_upright(orientation: int):
    content = encoded(Image.fromarray(quadrants()), "PNG", exif=exif(orientation)[6:])
    found = reader("photo")({}, io.BytesIO(content))
    assert np.array_equal(found, decode(content))


def test_what_is_not_used_is_not_imported():
    told = {"inputs": {"n": {"by": "number", "columns": ["n"]}}, "outputs": {}}
    text = script(told)
    assert packages_of(told) == ["onnxruntime", "numpy"]
    assert not re.search(r"PIL|soundfile|hashlib|unicodedata|defaultdict|datetime", text)
    compile(text, "predict.py", "exec")
