"""The script beside a graph: it reads the rows of a table, or files, asks the graph, and prints the answers.

Only what the columns of a model need is in it, so that it can be read whole: a model of photos, or of numbers and categories,
has one of about twenty lines.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from injerto.export.script_parts import FUNCTIONS, IMPORTS
from injerto.table.cells import MISSING

Told = Mapping[str, Any]
"""What the facts say of one port."""

_LINE = 120
_LISTS = {"number": "NUMBERS", "level": "TEXTS", "moment": "DATES"}
"""Kinds of ports of which a table has many: the script lists the columns of each."""
_OF_LISTS = {
    "NUMBERS": '{name: np.array([float(row[name] or "nan")]) for name in NUMBERS}',
    "TEXTS": "{name: np.array([row[name].strip()], dtype=object) for name in TEXTS}",
    "DATES": "{name: np.array([moment(row[name])]) for name in DATES}",
}


def packages_of(facts: Told) -> list[str]:
    """What the script needs, by the names of the package index."""
    readers = {port["by"] for port in facts["inputs"].values()}
    files = {"photo": "Pillow", "sound": "soundfile"}
    return ["onnxruntime", "numpy", *(package for reader, package in files.items() if reader in readers)]


def reads_tables(facts: Told) -> bool:
    """Whether the script reads tables: a model of one column of files alone takes the files themselves."""
    return "file" not in facts or "individual" in facts or any("absent" in port for port in facts["inputs"].values())


def usage_of(facts: Told) -> list[str]:
    """How the script is called."""
    ways = ["python predict.py TABLE.csv"] if reads_tables(facts) else []
    return [*ways, f"python predict.py {facts['file_words']} ..."] if "file" in facts else ways


def script(facts: Told) -> str:
    """The script for a graph of these facts."""
    functions = _functions(facts)
    feed = _feed(facts["inputs"])
    answer = FUNCTIONS["answer_who" if "individual" in facts else "answer"]
    body = [_constants(facts), *functions, feed, answer, *_reading(facts)]
    text = "\n\n".join(part.strip("\n") + "\n" for part in body if part)
    return f"{_head(facts)}\n\n{_imports(text)}\n\n{text}"


def _head(facts: Told) -> str:
    *most, last = packages_of(facts)
    duty = f"Answers of the model beside this file, a line of JSON each. It needs {', '.join(most)} and {last}."
    return "\n".join([f'"""{duty}', "", *(f"    {way}" for way in usage_of(facts)), '"""'])


def _imports(text: str) -> str:
    own, others = ([line for word, line in group if word in text] for group in IMPORTS)
    return "\n".join([*own, "", *others])


def _constants(facts: Told) -> str:
    lines = ['MODEL = onnxruntime.InferenceSession(Path(__file__).with_name("model.onnx"))']
    lines += ['NAMES = json.loads(MODEL.get_modelmeta().custom_metadata_map["answers"])']
    listed = _listed(facts["inputs"])
    lines += [_list(name, ports) for name, ports in listed.items()]
    lines += [_list("NOTHING", MISSING)] if reads_tables(facts) else []
    if "individual" in facts:
        lines += ['TOLD = json.loads(MODEL.get_modelmeta().custom_metadata_map["injerto"])["individual"]']
        lines += ['MATCH = onnxruntime.InferenceSession(Path(__file__).with_name("match.onnx"))']
        lines += ['GALLERY = np.load(Path(__file__).with_name("gallery.npz"))']
    return "\n".join(lines)


def _list(name: str, words: Sequence[str]) -> str:
    text = f"{name} = [{', '.join(_quoted(word) for word in words)}]"
    if len(text) <= _LINE:
        return text
    lines = [""]
    for word in words:
        item = f"{_quoted(word)},"
        if len(lines[-1]) + len(item) >= _LINE - 4:
            lines.append("")
        lines[-1] += f" {item}" if lines[-1] else item
    return "\n".join([f"{name} = [", *(f"    {line}" for line in lines), "]"])


def _listed(inputs: Mapping[str, Told]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for port, told in inputs.items():
        if told["by"] in _LISTS and not {"absent", "hash"} & set(told) and told["columns"] == [port]:
            found.setdefault(_LISTS[told["by"]], []).append(port)
    return dict(sorted(found.items(), key=lambda item: list(_OF_LISTS).index(item[0])))


def _functions(facts: Told) -> list[str]:
    ports = list(facts["inputs"].values())
    kinds = {port["by"] for port in ports}
    empty = {f"@{name.upper()}@": FUNCTIONS[name] if "given" in kinds else "" for name in ("empty_photo", "empty_sound")}
    found = [FUNCTIONS[kind] for kind in ("moment", "size", "sound") if kind in kinds]
    photos = [port for port in ports if port["by"] == "photo"]
    if photos:
        found.append(FUNCTIONS["photo" if "shortest" in photos[0] else "photo_whole"])
    if any("hash" in port for port in ports):
        found.append(FUNCTIONS["hashed"])
    found += [FUNCTIONS["who"]] if "individual" in facts else []
    for mark, lines in empty.items():
        found = [text.replace(mark, lines) for text in found]
    return found


def _feed(inputs: Mapping[str, Told]) -> str:
    listed = _listed(inputs)
    single = [port for port in inputs if not any(port in ports for ports in listed.values())]
    cells = [f"{_quoted(port)}: {_VALUES[inputs[port]['by']](inputs[port])}" for port in single]
    parts = [_OF_LISTS[name] for name in listed]
    if len(cells) == 1:
        parts.append(f"{{{cells[0]}}}")
    elif cells:
        parts.append("{\n" + "".join(f"        {cell},\n" for cell in cells) + "    }")
    head = 'def feed(row):\n    """What the graph takes, by name, of a row: its cells as texts."""\n'
    if len(parts) == 1:
        return f"{head}    return {parts[0]}"
    first, *middle = parts
    return "\n".join([f"{head}    fed = {first}", *(f"    fed |= {part}" for part in middle), "    return fed"])


def _reading(facts: Told) -> list[str]:
    if not reads_tables(facts):
        name = _quoted(facts["file"])
        return [FUNCTIONS["main_files"].replace("@NAME@", name)]
    files = list(dict.fromkeys(port["columns"][0] for port in facts["inputs"].values() if port["by"] in ("photo", "sound")))
    found = FUNCTIONS["rows_of_files" if files else "rows"].replace("@FILES@", ", ".join(map(_quoted, files)))
    one = FUNCTIONS["one_file"].replace("@NAME@", _quoted(facts["file"])) if "file" in facts else ""
    return [found.replace("@ONE@", one), FUNCTIONS["main"]]


def _quoted(word: str) -> str:
    return json.dumps(word, ensure_ascii=False)


def _cell(told: Told, place: int = 0) -> str:
    """How the script says one cell; a column that a table may lack has something in its stead."""
    name = told["columns"][place]
    if not name:
        return '""'
    return f"row.get({_quoted(name)}, {_quoted(told['absent'])})" if "absent" in told else f"row[{_quoted(name)}]"


def _numbers(told: Told) -> str:
    cells = ", ".join(_quoted(name) for name in told["columns"])
    return f'np.array([float(row.get(name) or "nan") for name in ({cells})])'


def _text(told: Told) -> str:
    return f"hashed([{_cell(told)}], {told['hash']})" if "hash" in told else f"np.array([{_cell(told)}.strip()], dtype=object)"


def _texts(told: Told) -> str:
    parts = f"[part.strip() for part in {_cell(told)}.split({_quoted(told['separator'])})]"
    return f"hashed({parts}, {told['hash']})[None]" if "hash" in told else f"np.array([{parts}], dtype=object)"


def _photo(told: Told) -> str:
    path = _cell(told)
    return f"photo({path}, {told['shortest']})" if "shortest" in told else f"photo({path})"


def _sound(told: Told) -> str:
    times = "".join(f", {_cell(told, place)}" for place in range(1, len(told["columns"])))
    return f"sound({_cell(told)}, {told['rate_hz']}{times})"


_VALUES: dict[str, Callable[[Told], str]] = {
    "number": lambda told: f'np.array([float({_cell(told)} or "nan")])',
    "numbers": _numbers,
    "moment": lambda told: f"np.array([moment({_cell(told)})])",
    "level": _text,
    "levels": _texts,
    "given": lambda told: f"np.array([bool({_cell(told)})])",
    "photo": _photo,
    "size": lambda told: f"size({_cell(told)})",
    "sound": _sound,
}
"""By kind of a port, what the script feeds it."""
