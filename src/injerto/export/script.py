"""The script beside a graph: it reads the rows of a table or a file, asks the graph, and prints the answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from injerto.table.cells import MISSING

READERS = {
    "number": """
def number(told, cell):
    return np.array([float(cell or "nan")])
""",
    "numbers": """
def numbers(told, *cells):
    return np.array([float(cell or "nan") for cell in cells])
""",
    "moment": """
def moment(told, cell):
    start = datetime(1970, 1, 1)
    return np.array([(datetime.fromisoformat(cell).replace(tzinfo=None) - start).total_seconds() if cell else np.nan])
""",
    "level": """
def level(told, cell):
    return texts([cell], told.get("hash"))
""",
    "levels": """
def levels(told, cell):
    return texts(cell.split(told["separator"]), told.get("hash"))[None]
""",
    "given": """
def given(told, cell):
    return np.array([bool(cell)])
""",
    "photo": """
def photo(told, cell):
    if not cell:
        return np.zeros((1, 1, 3), np.uint8)
    return np.asarray(ImageOps.exif_transpose(Image.open(cell)).convert("RGB"))
""",
    "sound": """
def sound(told, cell, start="", end=""):
    if not cell:
        return np.zeros(1, np.float32)
    samples, found_hz = soundfile.read(cell, dtype="float32", always_2d=True)
    samples = samples[round(float(start or 0) * found_hz) : round(float(end) * found_hz) if end else None].mean(axis=1)
    count, rate_hz, seconds = len(samples), told["rate_hz"], len(samples) // found_hz + 2
    if found_hz != rate_hz:  # through the spectrum, cut off where soxr cuts it
        share = np.arange(seconds * found_hz // 2 + 1) / seconds / (min(found_hz, rate_hz) / 2)
        kept = np.fft.rfft(samples, seconds * found_hz) * (1 + np.cos(np.pi * np.clip((share - 0.927) / 0.06, 0, 1))) / 2
        samples = np.fft.irfft(kept, seconds * rate_hz)[: round(count * rate_hz / found_hz)] * (rate_hz / found_hz)
    return samples.astype(np.float32)
""",
}
"""By name, how the cells of a port are read."""

_TEXTS = """
def texts(cells, hashed):
    return np.array([unicodedata.normalize("NFC", cell).strip() for cell in cells], dtype=object)
"""
_HASHED_TEXTS = r"""
def texts(cells, hashed):
    cells = [unicodedata.normalize("NFC", cell).strip() for cell in cells]
    if not hashed:
        return np.array(cells, dtype=object)
    plain = [cell.lower() if cell.lower() in ("true", "false") else re.sub(r"^([+-]?\d+)\.0+$", r"\1", cell) for cell in cells]
    digests = [hashlib.blake2b(cell.encode(), digest_size=8).digest() for cell in plain]
    return np.array([int.from_bytes(digest, "little") % hashed if cell else -1 for digest, cell in zip(digests, plain)])
"""

_WHO = '''
MATCH = onnxruntime.InferenceSession(HERE / "match.onnx")
GALLERY = np.load(HERE / "gallery.npz")


def who(row, vector):
    """Who it is by the gallery, without this very photo, others of its sighting, and photos of another side."""
    told = FACTS["individual"]
    digest = hashlib.sha256(Path(row[told["photo"]]).read_bytes()).hexdigest()
    sighting, flank = (row.get(told[name] or "", "").strip() for name in ("sighting", "flank"))
    may = (GALLERY["digest"] != digest) & ((sighting == "") | (GALLERY["sighting"] != sighting))
    may &= (flank == "") | (GALLERY["flank"] == "") | (GALLERY["flank"] == flank)
    names, vectors = GALLERY["individuals"], GALLERY["vectors"].astype(np.float32)
    fed = {"vectors": vectors, "codes": GALLERY["codes"], "may": may, "individuals": np.zeros(len(names), np.float32)}
    chances = MATCH.run(None, {"vector": vector, **fed})[0][0]
    order, new, name = np.argsort(-chances[:-1], kind="stable")[:5], chances[-1], told["name"]
    best = chances[order[0]]
    known = told["known_from"] is not None and best >= told["known_from"] and best > told["majority"]
    fresh = told["new_from"] is not None and new >= told["new_from"] and new > told["majority"]
    said = {name: str(names[order[0]]) if known else None}
    said |= {f"{name}_decision": "known" if known else "new" if fresh else "cannot tell", f"{name}_new": float(new)}
    for place, one in enumerate(order, start=1):
        alike = (str(names[one]), float(chances[one])) if chances[one] > 0 else (None, None)
        said[f"{name}_{place}"], said[f"{name}_{place}_probability"] = alike
    return said
'''

_ASK = '''
def feed(row):
    """What the graph takes, by name, from the cells of a row."""
    fed = {}
    for port, told in FACTS["inputs"].items():
        absent = told.get("absent")
        cells = [row[name] if name and (absent is None or name in row) else absent or "" for name in told["columns"]]
        fed[port] = globals()[told["by"]](told, *cells)
    return fed


def answer(row, fed=None):
    """What the model says of a row, under the names that Injerto gives to its answers."""
    said = {}
    for output, values in zip(MODEL.get_outputs(), MODEL.run(None, fed or feed(row))):
        numbers = [None if value != value else value for value in values.ravel().tolist()]
        said |= dict(zip(FACTS["outputs"][output.name], numbers))@WHO@
    return said


def rows(path):
    """The rows of a table as texts, paths in it from its folder on@FILE@."""@ONE@
    with open(path, encoding="utf-8-sig", newline="") as file:
        delimiter = max(",;\\t", key=file.readline().count)
        file.seek(0)
        found = [{k: "" if v in NOTHING else v for k, v in row.items()} for row in csv.DictReader(file, delimiter=delimiter)]
    files = [told["columns"][0] for told in FACTS["inputs"].values() if told["by"] in ("photo", "sound")]
    return [row | {name: str(Path(path).parent / row[name]) for name in files if row[name]} for row in found]


if __name__ == "__main__":
    for row in rows(sys.argv[1]):
        print(json.dumps(answer(row), ensure_ascii=False))
'''
_ASK_WHO = """
        if output.name == FACTS["individual"]["name"] + "_vector":
            said |= who(row, values)"""
_ONE = """
    if Path(path).suffix.lower() not in (".csv", ".tsv", ".txt"):
        return [defaultdict(str, {FACTS["file"]: path})]"""

_HEAD = '''"""Answers of the model beside this file, as JSON, a line a row. It needs @NEEDS@; nothing of Injerto.

    python predict.py TABLE.csv@USAGE@
"""

@IMPORTS@

HERE = Path(__file__).resolve().parent
MODEL = onnxruntime.InferenceSession(HERE / "model.onnx")
FACTS = json.loads(MODEL.get_modelmeta().custom_metadata_map["injerto"])
NOTHING = @NOTHING@
'''


def packages_of(facts: Mapping[str, Any]) -> list[str]:
    """What the script needs, by the names of the package index."""
    readers = {port["by"] for port in facts["inputs"].values()}
    files = {"photo": "Pillow", "sound": "soundfile"}
    return ["onnxruntime", "numpy", *(package for reader, package in files.items() if reader in readers)]


def script(facts: Mapping[str, Any]) -> str:
    """The script for a graph of these facts."""
    ports = list(facts["inputs"].values())
    used = [name for name in READERS if any(port["by"] == name for port in ports)]
    hashed, individual = any(port.get("hash") for port in ports), "individual" in facts
    *most, last = packages_of(facts)
    head = (
        _HEAD.replace("@NEEDS@", f"{', '.join(most)} and {last}")
        .replace("@USAGE@", f"      or: python predict.py {facts['file_words']}" if "file" in facts else "")
        .replace("@IMPORTS@", "\n".join(_imports(set(used), hashed=hashed, individual=individual, one_file="file" in facts)))
        .replace("@NOTHING@", repr(MISSING))
    )
    ask = (
        _ASK.replace("@WHO@", _ASK_WHO if individual else "")
        .replace("@FILE@", "; of a single file, one row" if "file" in facts else "")
        .replace("@ONE@", _ONE if "file" in facts else "")
    )
    texts = (_HASHED_TEXTS if hashed else _TEXTS) if {"level", "levels"} & set(used) else ""
    parts = [head, texts, *(READERS[name] for name in used), _WHO if individual else "", ask]
    return "\n\n".join(part.strip("\n") + "\n" for part in parts if part)


def _imports(used: set[str], *, hashed: bool, individual: bool, one_file: bool) -> list[str]:
    needed = {
        "csv": True,
        "hashlib": hashed or individual,
        "json": True,
        "re": hashed,
        "sys": True,
        "unicodedata": bool({"level", "levels"} & used),
    }
    lines = [f"import {name}" for name, wanted in needed.items() if wanted]
    lines += ["from collections import defaultdict"] if one_file else []
    lines += ["from datetime import datetime"] if "moment" in used else []
    lines += ["from pathlib import Path", "", "import numpy as np", "import onnxruntime"]
    lines += ["import soundfile"] if "sound" in used else []
    return lines + (["from PIL import Image, ImageOps"] if "photo" in used else [])
