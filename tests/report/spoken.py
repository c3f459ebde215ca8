"""Every message that pages can say, read from templates, scripts and code, and those that stand in tables of other stations."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path
from typing import get_args

from jinja2 import nodes

from injerto.evidence import single_class
from injerto.metrics.meanings import MEANINGS
from injerto.recipes import recipe
from injerto.report import galleries, headline, page
from injerto.report.tables import POINTS
from injerto.report.template import environment, said_in
from injerto.schema.schema import InputKind, TargetKind, Training

REPORT = Path(inspect.getfile(page)).parent
SAYING = {"say": 1, "say_html": 1, "several": 2}
"""Functions that say a message, and how many of their arguments are messages: `several` counts first."""


def spoken_messages() -> set[str]:
    """All of them."""
    return _in_code() | _in_templates() | _in_scripts() | _in_tables()


def _in_code() -> set[str]:
    found = set()
    for path in REPORT.glob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in SAYING:
                for argument in call.args:
                    found |= set(_constants(argument))
    return found


def _constants(argument: ast.expr) -> list[str]:
    """A message, or both of a choice between two."""
    if isinstance(argument, ast.IfExp):
        return _constants(argument.body) + _constants(argument.orelse)
    return [argument.value] if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else []


def _in_templates() -> set[str]:
    found = set()
    for path in REPORT.glob("*.html"):
        for call in environment().parse(path.read_text(encoding="utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name in SAYING:
                found |= {one.value for one in call.args if isinstance(one, nodes.Const) and isinstance(one.value, str)}
    return found


def _in_scripts() -> set[str]:
    return {message for path in REPORT.glob("*.js") for message in said_in(path.read_text(encoding="utf-8"))}


def _in_tables() -> set[str]:
    """Messages that no call names: they stand in tables that a call reads."""
    figures = [part for one in MEANINGS.values() for part in (one.title, one.sentence, f"{one.better} is better")]
    kinds = [*get_args(InputKind), *get_args(TargetKind)]
    keys = [words for _, words in (*galleries.POINTS_KEYS, *galleries.SUSPECTS_KEYS)]
    groups = list(Training().multipliers)
    stages = [recipe.LOCATOR, recipe.POINTER, recipe.IDENTIFIER]
    parts = ["train", "tune", "test"]
    sentences = [sentence.words for sentence in headline.SENTENCES.values()]
    words = [*sentences, headline.UNKNOWN, "known", "new", "cannot tell", "under 1 %", "over 99 %"]
    cells = [single_class.NEW, single_class.OTHERS]
    columns = [column.head for column in POINTS]
    return {*figures, *kinds, *keys, *groups, "planted", *stages, *parts, *columns, *page.WHERE.values(), *words, *cells}
