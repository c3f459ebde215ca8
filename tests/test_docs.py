"""The documentation runs, links to what exists, and says what the code says."""

import ast
import importlib.util
import itertools
import re
import sys
import tomllib
from pathlib import Path

import pytest

from injerto.metrics import METRICS
from injerto.schema.schema import Schema

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# Names of packages that differ from the names of their modules.
MODULES = {"pillow": "PIL", "scikit-learn": "sklearn"}


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def load_printer():
    spec = importlib.util.spec_from_file_location("printed", ROOT / "docs" / "printed.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "python")], ids=lambda page: page.name)
def test_python_blocks_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    for block in blocks(page, "python"):
        exec(compile(block, str(page), "exec"), {})  # the project's own pages


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "toml")], ids=lambda page: page.name)
def test_schemas_in_pages_are_schemas(page: Path):
    for block in blocks(page, "toml"):
        Schema.from_toml(block, origin=page.name)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_resolve(page: Path):
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert target.startswith("https://") or (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_printed_parts_are_what_the_code_says(page: Path):
    text = page.read_text(encoding="utf-8")
    assert load_printer().printed(text) == text, f"{page.name} is behind the code: run 'make docs'"


def test_every_printer_is_printed_somewhere():
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert {f"<!-- printed: {name} -->" for name in load_printer().PRINTERS} <= set(re.findall(r"<!-- printed: .*? -->", text))


def test_commands_in_pages_exist():
    """Every `injerto VERB --option` in a block or in line is one the command line has."""
    known = load_printer().verbs()
    for page in PAGES:
        for command in re.findall(
            r"injerto ((?:check|clips|train|predict|explain|evaluate|compare|drift|export|serve|studio|listen"
            r"|embeddings|gallery|identify|backbones|recipe individuals)\b[^`\n#]*)",
            page.read_text(encoding="utf-8"),
        ):
            for option in re.findall(r"--[a-z]+", command):
                assert re.search(rf"[`, ]{option}\b", known), f"{page.name}: injerto {command}"


def test_every_figure_has_a_line():
    text = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "src" / "injerto" / "metrics").glob("*.py")]
    nodes = [node for source in sources for node in ast.walk(ast.parse(source))]
    named = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    shown = set(re.findall(r"^\| `(\w+)`", text, re.MULTILINE))
    assert shown <= named
    assert len(shown) >= 3 * len(METRICS)


def declared() -> set[str]:
    return {re.split(r"[><=\[]", line)[0] for line in PROJECT["dependencies"]}


def test_every_dependency_has_its_reason():
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([\w-]+)` \|", text, re.MULTILINE)) == declared()


def test_dependencies_are_those_that_are_imported():
    imported = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module.split(".")[0])
    optional = {
        "fsspec",
        "lightgbm",
        "onnx",
        "onnxruntime",
        "onnxscript",
        "openvino",
        "pyarrow",
        "pydantic_core",
        "python_multipart",
        "ray",
        "starlette",
        "uvicorn",
    }
    assert imported - sys.stdlib_module_names - optional - {"injerto"} == {MODULES.get(name, name) for name in declared()}


def test_every_dependency_is_pinned_for_a_repeatable_set_up():
    pinned = (ROOT / "constraints.txt").read_text(encoding="utf-8").lower().replace("_", "-")
    wanted = [*PROJECT["dependencies"], *itertools.chain(*PROJECT["optional-dependencies"].values())]
    for line in wanted:
        name = re.split(r"[><=\[]", line)[0].lower().replace("_", "-")
        assert f"\n{name}==" in pinned, f"constraints.txt does not pin {name}: run 'make constraints'"


def test_the_tests_run_what_the_readme_says():
    assert "make test" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").strip().endswith("make test")
