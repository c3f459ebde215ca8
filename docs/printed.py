"""Prints the parts of these pages that the code knows better: options, verbs, figures, errors, networks, the map.

`make docs` writes them between their marks; a test fails when a page and the code disagree.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import typer.main
from pydantic import BaseModel

from injerto import errors
from injerto.backbones.catalogue import CATALOGUE
from injerto.cli.app import app
from injerto.heads.answer_layout import WIDTH
from injerto.metrics import METRICS
from injerto.metrics.meanings import MEANINGS
from injerto.schema.schema import Input, Schema, Split, Target, Training

HERE = Path(__file__).parent
SOURCE = HERE.parent / "src" / "injerto"
MARKED = re.compile(r"(<!-- printed: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def options() -> str:
    """Every option of a schema, from the models that check it."""
    groups = {
        "`[inputs.COLUMN]`": Input,
        "`[targets.COLUMN]`": Target,
        "`[split]`": Split,
        "`[training]`": Training,
    }
    top = "### At the top\n\n" + _table(Schema, skip={"inputs", "targets", "split", "training"})
    return "\n".join([top, *(f"### {title}\n\n{_table(model)}" for title, model in groups.items())])


def _table(model: type[BaseModel], skip: frozenset[str] | set[str] = frozenset()) -> str:
    lines = ["| option | values | default | meaning |", "|---|---|---|---|"]
    shapes = model.model_json_schema()["properties"]
    for name, field in model.model_fields.items():
        if name in skip:
            continue
        default = "" if field.is_required() else _default(field.get_default(call_default_factory=True))
        lines.append(f"| `{name}` | {_values(shapes[name])} | {default} | {field.description or _DUTIES.get(name, '')} |")
    return "\n".join([*lines, ""])


_DUTIES = {"kind": "What the column is taken for."}


def _default(value: Any) -> str:
    if value is None:
        return "(empty)"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if value == []:
        return "(none)"
    if isinstance(value, dict):
        return "; ".join(f"`{key} = {inner}`" for key, inner in value.items()) or "(none)"
    return f"`{value!r}`" if isinstance(value, str) else f"`{value}`"


def _values(shape: dict[str, Any]) -> str:
    if "anyOf" in shape:
        return " or ".join(_values(one) for one in shape["anyOf"] if one.get("type") != "null")
    if "enum" in shape:
        return ", ".join(f"`{value}`" for value in shape["enum"])
    words = {"string": "text", "integer": "whole number", "number": "number", "boolean": "`true`, `false`", "object": "table"}
    if shape.get("type") == "array":
        inner = shape["items"]
        return "list of pairs of texts" if inner.get("type") == "array" else f"list of {words[inner['type']]}s"
    limits = {
        "minimum": "at least {}",
        "exclusiveMinimum": "more than {}",
        "maximum": "at most {}",
        "exclusiveMaximum": "less than {}",
        "multipleOf": "a multiple of {}",
    }
    said = [text.format(shape[key]) for key, text in limits.items() if key in shape]
    return ", ".join([words[shape["type"]], *said])


def verbs() -> str:
    """Every verb of the command line with its arguments and options."""
    parts: list[str] = []
    root: Any = typer.main.get_command(app)
    _verbs("injerto", root, parts)
    return "\n".join(parts)


def _verbs(path: str, command: Any, parts: list[str]) -> None:
    if path != "injerto":
        words = [line.strip() for line in command.help.splitlines()]
        parts.append(f"## {path}\n\n" + re.sub(r"Example: (.*)", r"Example: `\1`", "\n".join(words)) + "\n")
        lines = ["| argument or option | meaning |", "|---|---|"]
        for parameter in command.params:
            if parameter.name == "help":
                continue
            argument = parameter.param_type_name == "argument"
            shown = parameter.metavar if argument else ", ".join(parameter.opts)
            metavar = f" {parameter.metavar}" if parameter.metavar and not argument else ""
            must = " (needed)" if parameter.required else ""
            lines.append(f"| `{shown}{metavar}`{must} | {parameter.help} |")
        parts.append("\n".join([*lines, ""]) if len(lines) > 2 else "")
    for name, inner in getattr(command, "commands", {}).items():
        _verbs(f"{path} {name}", inner, parts)


def figures() -> str:
    """Every figure with its meaning."""
    kinds = {name: _kinds(name) for name in MEANINGS}
    lines = ["| in JSON | figure | of | better | meaning |", "|---|---|---|---|---|"]
    lines += [f"| `{name}` | {m.title} | {kinds[name]} | {m.better} | {m.sentence} |" for name, m in MEANINGS.items()]
    return "\n".join([*lines, ""])


def _kinds(figure: str) -> str:
    """The kinds of target that have this figure."""
    many = np.arange(8)
    samples = {"class": (many, np.eye(8)), "classes": (np.eye(8), np.eye(8)), "number": (many * 1.0, many * 1.0)}
    # Two points on a photo, one of them in the picture.
    samples["keypoints"] = (np.array([[[3.0, 4.0, 2.0, 1.0], [np.nan, np.nan, 2.0, 0.0]]]), np.full((1, 2, 5), 0.5))
    samples["individual"] = (np.array([1, 0]), np.full((2, WIDTH), 0.5))
    return ", ".join(kind for kind, metric in METRICS.items() if figure in metric(*samples[kind]))


def mistakes() -> str:
    """Every exception a user can catch."""
    lines = ["| error | is also | meaning |", "|---|---|---|"]
    for name, found in vars(errors).items():
        if isinstance(found, type) and issubclass(found, errors.InjertoError):
            also = ", ".join(f"`{base.__name__}`" for base in found.__bases__ if base is not Exception)
            lines.append(f"| `{name}` | {also} | {(found.__doc__ or '').splitlines()[0]} |")
    return "\n".join([*lines, ""])


def networks() -> str:
    """Every pretrained network of the catalogue."""
    lines = ["| name | kind | size | licence | source | published accuracy |", "|---|---|---|---|---|---|"]
    lines += [
        f"| `{fact.name}` | {fact.kind} | {fact.megabytes:.0f} MB | {fact.licence} | {fact.source} | {fact.published} |"
        for fact in CATALOGUE.values()
    ]
    return "\n".join([*lines, ""])


def files() -> str:
    """Every file of the package with the first line of its docstring, station by station from errors to doors."""
    lines = ["```"]
    for path in sorted(SOURCE.rglob("*.py"), key=lambda path: (path.relative_to(SOURCE).parts[:-1], path.name)):
        inner = path.relative_to(SOURCE)
        duty = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").splitlines()[:1]
        if path.name == "__init__.py":
            shown = f"{inner.parent}/" if inner.parent.parts else "injerto/"
        else:
            shown = "  " * (len(inner.parts) > 1) + path.name
        lines.append(f"{shown:<26}{duty[0] if duty else ''}".rstrip())
    return "\n".join([*lines, "```", ""])


PRINTERS: dict[str, Callable[[], str]] = {
    "options": options,
    "verbs": verbs,
    "figures": figures,
    "errors": mistakes,
    "networks": networks,
    "map": files,
}


def printed(page: str) -> str:
    """The page with every marked part as the code has it now."""
    return MARKED.sub(lambda mark: f"{mark[1]}{PRINTERS[mark[2]]()}{mark[3]}", page)


if __name__ == "__main__":
    for file in HERE.glob("*.md"):
        before = file.read_text(encoding="utf-8")
        after = printed(before)
        if after != before:
            file.write_text(after, encoding="utf-8")
            sys.stdout.write(f"{file.name} written anew\n")
