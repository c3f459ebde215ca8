"""The page beside a graph: what goes in, what comes out, how well it was checked, and whose weights are in it."""

from __future__ import annotations

from collections.abc import Sequence

from injerto.artifact.artifact import Artifact
from injerto.backbones import catalogue
from injerto.backbones.suited import backbone_names
from injerto.export.answer import Outlet
from injerto.export.entry import Port
from injerto.export.graph import Graph
from injerto.export.parity import Parity
from injerto.export.script import packages_of, usage_of
from injerto.version import __version__


def readme(artifact: Artifact, graph: Graph, parity: Parity, promised: Sequence[str]) -> str:
    """As Markdown; `promised` says in sentences what was, and by what."""
    targets = ", ".join(f"`{name}` ({target.kind})" for name, target in artifact.schema.targets.items())
    packages = " ".join(packages_of(graph.facts))
    usage = "".join(f"{way}\n" for way in usage_of(graph.facts))
    reads = {port.read["by"] for port in graph.ports if "absent" not in port.read}
    sections = [
        f"# A model as ONNX\n\nAnswers {targets}. Trained with Injerto, exported by Injerto {__version__}; Injerto is not "
        f"needed to use it.\n\n```\npip install {packages}\n{usage}```\n\n`predict.py` prints a line of JSON for each row.",
        "## What goes in\n\n" + _inputs(graph.ports),
        _cells(reads),
        "## What comes out\n\n" + _outputs(graph.outlets),
        "## What is promised\n\n" + "\n".join(f"- {words}" for words in promised) if promised else "",
        _match(graph),
        f"## Checked\n\n{parity.words}\n\n{_decoding(reads)}".rstrip(),
        _licences(artifact),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _inputs(ports: Sequence[Port]) -> str:
    lines = ["| input | type | shape | meaning |", "|---|---|---|---|"]
    return "\n".join(
        [*lines, *(f"| `{one.name}` | {_type(one.type)} | {_shape(one.shape)} | {_cell(one.words)} |" for one in ports)]
    )


def _outputs(outlets: Sequence[Outlet]) -> str:
    lines = ["| output | type | shape | meaning |", "|---|---|---|---|"]
    lines += [f"| `{one.name}` | {_type(one.type)} | {_shape(one.shape)} | {_cell(one.words)} |" for one in outlets]
    lines += [
        f"\nThe numbers of `{one.name}`, in their order: {', '.join(f'`{column}`' for column in one.columns)}."
        for one in outlets
        if len(one.columns) > 1
    ]
    return "\n".join(lines)


def _cells(reads: set[str]) -> str:
    told = {
        "number": "Numbers are written with a point and without separators.",
        "moment": "Dates are written as 2024-05-31 or 2024-05-31T18:30:00.",
        "level": "A text that was not in training is a level that nobody knows, and is answered as such.",
    }
    said = [words for reader, words in told.items() if reader in reads]
    return " ".join(said)


def _match(graph: Graph) -> str:
    if "individual" not in graph.facts:
        return ""
    return (
        "## Who it is\n\n`gallery.npz` holds the vectors of the photos of all known individuals, their names, and what "
        "says which photos may not answer. `match.onnx` compares a vector with them; `predict.py` shows how. More are known "
        "as soon as their vectors stand in that file. The photos themselves are not in it."
    )


def _decoding(reads: set[str]) -> str:
    told = []
    if "photo" in reads:
        told.append(
            "Pillow opens photos here, and reads the same levels as Injerto: of a JPEG that is at least twice as large as the "
            "network looks at it, a half, a quarter or an eighth of the size (`Image.draft`). Feed such pixels, too, for the "
            "same answers to the last digit; after other programs, levels differ by about one. Photos with transparent places "
            "or with 16 bits a level are to be converted before."
        )
    if "sound" in reads:
        told.append(
            "Sounds of another rate are brought to the model's through their spectrum, where Injerto uses soxr: samples differ "
            "by 0.25 % at most in their root mean square. Sounds of the model's own rate are the same."
        )
    return " ".join(told)


def _licences(artifact: Artifact) -> str:
    entries = [catalogue.entry(name) for name in backbone_names(artifact.network.features)]
    lines = [f"- `{entry.name}`: {entry.licence}. {entry.licence_note} {entry.citation}." for entry in entries]
    none = "None: every weight was learned from the table it was trained on."
    return "## Weights from elsewhere\n\n" + ("\n".join(lines) if lines else none)


def _cell(words: str) -> str:
    """As a cell of a table, whose borders are upright strokes."""
    return words.replace("|", "\\|")


def _type(name: str) -> str:
    return {"DOUBLE": "float64", "FLOAT": "float32"}.get(name, name.lower())


def _shape(shape: Sequence[int | str]) -> str:
    return "(" + ", ".join(str(size) for size in shape) + ("," if len(shape) == 1 else "") + ")"
