"""The functions that a script beside a graph is put together from, as they stand in it."""

from __future__ import annotations

IMPORTS = (
    (
        ("csv.DictReader", "import csv"),
        ("hashlib.", "import hashlib"),
        ("io.StringIO", "import io"),
        ("json.loads", "import json"),
        ("re.sub", "import re"),
        ("sys.argv", "import sys"),
        ("unicodedata.normalize", "import unicodedata"),
        ("datetime.fromisoformat", "from datetime import datetime, timezone"),
        ("Path(", "from pathlib import Path"),
    ),
    (
        ("np.", "import numpy as np"),
        ("onnxruntime.", "import onnxruntime"),
        ("soundfile.", "import soundfile"),
        ("ImageOps.", "from PIL import Image, ImageOps"),
        ("def size", "from PIL import Image"),
    ),
)
"""By what shows that a module is used, its line: the language's own, then others."""

FUNCTIONS = {
    "moment": '''
def moment(cell):
    """Seconds since 1970 by the clock on the wall."""
    return datetime.fromisoformat(cell).replace(tzinfo=timezone.utc).timestamp() if cell else np.nan
''',
    "photo": '''
def photo(path, shortest):
    """Pixels, upright; a large JPEG comes at a half, a quarter or an eighth of its size, as it did in training."""@EMPTY_PHOTO@
    image = Image.open(path)
    image.draft(None, (shortest, shortest))
    return np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
''',
    "photo_whole": '''
def photo(path):
    """Pixels, upright."""
    return np.asarray(ImageOps.exif_transpose(Image.open(path)).convert("RGB"))
''',
    "size": '''
def size(path):
    """Width and height of the photo in its file, upright."""
    with Image.open(path) as image:
        return np.array(image.size[::-1] if image.getexif().get(0x0112, 1) > 4 else image.size)
''',
    "empty_photo": """
    if not path:
        return np.zeros((1, 1, 3), np.uint8)""",
    "empty_sound": """
    if not path:
        return np.zeros(1, np.float32)""",
    "sound": '''
def sound(path, rate_hz, start="", end=""):
    """Samples of one channel at the model's rate, from `start` to `end` seconds."""@EMPTY_SOUND@
    samples, found_hz = soundfile.read(path, dtype="float32", always_2d=True)
    samples = samples[round(float(start or 0) * found_hz) : round(float(end) * found_hz) if end else None].mean(axis=1)
    count, seconds = len(samples), len(samples) // found_hz + 2
    if found_hz != rate_hz:  # through the spectrum, cut off as soxr does it, from 92 % of the highest tone on
        share = np.arange(seconds * found_hz // 2 + 1) / seconds / (min(found_hz, rate_hz) / 2)
        left = [1, 0.998, 0.991, 0.972, 0.927, 0.844, 0.719, 0.562, 0.395, 0.245, 0.131, 0.058, 0.021, 0.006, 0.001, 0, 0]
        spectrum = np.fft.rfft(samples, seconds * found_hz) * np.interp(share, np.linspace(0.92, 1, len(left)), left)
        samples = np.fft.irfft(spectrum, seconds * rate_hz)[: round(count * rate_hz / found_hz)] * (rate_hz / found_hz)
    return samples.astype(np.float32)
''',
    "hashed": r'''
def hashed(cells, size):
    """The rest of each text's hash, -1 for the empty text."""
    cells = [unicodedata.normalize("NFC", cell).strip() for cell in cells]
    plain = [cell.lower() if cell.lower() in ("true", "false") else re.sub(r"^([+-]?\d+)\.0+$", r"\1", cell) for cell in cells]
    digests = [hashlib.blake2b(cell.encode(), digest_size=8).digest() for cell in plain]
    return np.array([int.from_bytes(digest, "little") % size if cell else -1 for digest, cell in zip(digests, plain)])
''',
    "who": '''
def who(row, vector):
    """Who it is by the gallery, without this very photo, others of its sighting, and photos of another side."""
    digest = hashlib.sha256(Path(row[TOLD["photo"]]).read_bytes()).hexdigest()
    sighting, flank = (row.get(TOLD[name] or "", "").strip() for name in ("sighting", "flank"))
    may = (GALLERY["digest"] != digest) & ((sighting == "") | (GALLERY["sighting"] != sighting))
    may &= (flank == "") | (GALLERY["flank"] == "") | (GALLERY["flank"] == flank)
    names, vectors = GALLERY["individuals"], GALLERY["vectors"].astype(np.float32)
    fed = {"vectors": vectors, "codes": GALLERY["codes"], "may": may, "individuals": np.zeros(len(names), np.float32)}
    chances = MATCH.run(None, {"vector": vector, **fed})[0][0]
    order, new, name = np.argsort(-chances[:-1], kind="stable")[:5], chances[-1], TOLD["name"]
    best = chances[order[0]]
    known = TOLD["known_from"] is not None and best >= TOLD["known_from"] and best > TOLD["majority"]
    fresh = TOLD["new_from"] is not None and new >= TOLD["new_from"] and new > TOLD["majority"]
    said = {name: str(names[order[0]]) if known else None}
    said |= {f"{name}_decision": "known" if known else "new" if fresh else "cannot tell", f"{name}_new": float(new)}
    for place, one in enumerate(order, start=1):
        alike = (str(names[one]), float(chances[one])) if chances[one] > 0 else (None, None)
        said[f"{name}_{place}"], said[f"{name}_{place}_probability"] = alike
    return said
''',
    "answer": '''
def answer(row):
    """What the model says of a row, under the names that Injerto gives to its answers."""
    said = [value for output in MODEL.run(None, feed(row)) for value in output.ravel().tolist()]
    return {name: None if value != value else value for name, value in zip(NAMES, said)}
''',
    "answer_who": '''
def answer(row):
    """What the model says of a row, under the names that Injerto gives to its answers."""
    found = dict(zip((output.name for output in MODEL.get_outputs()), MODEL.run(None, feed(row))))
    told = who(row, found.pop(TOLD["name"] + "_vector"))
    said = [value for output in found.values() for value in output.ravel().tolist()]
    return told | {name: None if value != value else value for name, value in zip(NAMES, said)}
''',
    "rows": '''
def rows(path):
    """The rows of a table as texts, empty where nothing is known."""@ONE@
    text = Path(path).read_text(encoding="utf-8-sig")
    table = csv.DictReader(io.StringIO(text), delimiter=max(",;\\t", key=text.partition("\\n")[0].count))
    return [{name: "" if cell in NOTHING else cell for name, cell in row.items()} for row in table]
''',
    "rows_of_files": '''
def rows(path):
    """The rows of a table as texts, empty where nothing is known, and paths in it from its folder on."""@ONE@
    text = Path(path).read_text(encoding="utf-8-sig")
    table = csv.DictReader(io.StringIO(text), delimiter=max(",;\\t", key=text.partition("\\n")[0].count))
    found = [{name: "" if cell in NOTHING else cell for name, cell in row.items()} for row in table]
    return [row | {name: str(Path(path).parent / row[name]) for name in [@FILES@] if row[name]} for row in found]
''',
    "one_file": """
    if not path.lower().endswith((".csv", ".tsv", ".txt")):
        return [{@NAME@: path}]""",
    "main": """
if __name__ == "__main__":
    for path in sys.argv[1:]:
        for row in rows(path):
            print(json.dumps(answer(row), ensure_ascii=False))
""",
    "main_files": """
if __name__ == "__main__":
    for path in sys.argv[1:]:
        print(json.dumps({"file": path} | answer({@NAME@: path}), ensure_ascii=False))
""",
}
"""By name. What stands between @ signs is filled in by `script.py`."""
