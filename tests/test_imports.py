"""What `import injerto` costs and offers, and that only the doors import the package as a whole."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import injerto

SOURCE = Path(__file__).parents[1] / "src" / "injerto"
DOORS = ("cli", "sklearn", "web")


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_importing_the_package_loads_nothing_heavy():
    loaded = run("import sys, injerto; print(*sys.modules)").split()
    assert not {"torch", "polars", "numpy", "pydantic", "sklearn", "PIL"} & set(loaded)


def test_the_command_line_answers_help_without_torch_or_polars():
    loaded = run("import sys, injerto.cli.app; print(*sys.modules)").split()
    assert not {"torch", "polars", "numpy", "sklearn", "PIL", "starlette", "uvicorn"} & set(loaded)


@pytest.mark.parametrize("name", [name for name in injerto.__all__ if name != "__version__"])
def test_every_public_name_can_be_had(name):
    assert getattr(injerto, name).__module__ != "types" if name != "CATALOGUE" else injerto.CATALOGUE


def test_train_stays_a_function_when_the_module_of_that_name_is_loaded():
    assert run("import injerto.train, injerto; from injerto.train import train; print(callable(injerto.train))") == "True"


def test_a_wrong_name_lists_the_right_ones():
    with pytest.raises(AttributeError, match=r"injerto has no 'trian'; its public names are: .*train"):
        _ = injerto.trian


def test_dir_lists_the_public_names():
    assert dir(injerto) == sorted(injerto.__all__)


def test_only_doors_import_the_whole_package():
    """`import injerto` reaches everything, which the layers contract of import-linter would not see."""
    for path in SOURCE.rglob("*.py"):
        if path.relative_to(SOURCE).parts[0] in DOORS:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert "injerto" not in names, f"{path} line {node.lineno}"
            assert not (isinstance(node, ast.ImportFrom) and node.module == "injerto"), f"{path} line {node.lineno}"


def test_imports_stand_at_the_top():
    """Nested imports hide edges of the map; only optional or slow packages may have one, each in a place of its own."""
    optional = {"fsspec", "lightgbm", "onnx", "onnxruntime", "onnxscript", "openvino", "pyarrow", "ray", "sklearn"}
    for path in SOURCE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for outer in ast.walk(tree):
            if not isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            for node in ast.walk(outer):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    module = node.names[0].name if isinstance(node, ast.Import) else (node.module or "")
                    begins = (path, module) == (SOURCE / "__main__.py", "injerto.cli.app")  # Ctrl-C must leave there, too
                    assert begins or module.split(".")[0] in optional, f"{path} line {node.lineno}: {module} inside a function"
