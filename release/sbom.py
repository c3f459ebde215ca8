"""The bill of materials of a release: what a user's environment is made of, each package with version, licence and needs.

cyclonedx-py lists all packages of the environment it is asked about, those of tests and tools too. Here only those stay that
Injerto needs (scope `required`), or one of its extras for users (scope `optional`), directly or not.

Run: python release/sbom.py build/sbom.cdx.json
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation import make_schemabased_validator
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
EXTRAS = ("fast", "serve", "trees", "onnx")
"""For users; the others are for tests, releases and comparisons."""

Bill = dict[str, Any]


def of_environment(python: str) -> Bill:
    """The bill of all packages that this interpreter finds."""
    command = [sys.executable, "-m", "cyclonedx_py", "environment", "--pyproject", str(ROOT / "pyproject.toml")]
    command += [
        "--mc-type",
        "application",
        "--output-reproducible",
        "--no-validate",
        "--spec-version",
        "1.6",
        "--output-file",
        "-",
        python,
    ]
    found: Bill = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return found


def of_users(bill: Bill, required: Iterable[str], optional: Iterable[str]) -> Bill:
    """The part of a bill that the packages of these names need. *Raises* LookupError for a required one that is not in it."""
    refs = {_plain(one["name"]): one["bom-ref"] for one in bill["components"]}
    first = [_plain(name) for name in required]
    lacking = sorted(name for name in first if name not in refs)
    if lacking:
        raise LookupError(f"Not installed, so not in the bill: {', '.join(lacking)}. Install Injerto here first.")
    kept = _needed(first)
    scopes = dict.fromkeys(_needed([name for name in map(_plain, optional) if name in refs]), "optional")
    scopes |= dict.fromkeys(kept, "required")
    components = [{**one, "scope": scopes[_plain(one["name"])]} for one in bill["components"] if _plain(one["name"]) in scopes]
    edges = [{"ref": bill["metadata"]["component"]["bom-ref"], "dependsOn": sorted(refs[name] for name in first)}]
    edges += [{"ref": refs[name], "dependsOn": sorted(refs[need] for need in needs_of(name))} for name in sorted(scopes)]
    return {**bill, "components": components, "dependencies": edges}


def needs_of(name: str) -> set[str]:
    """Names of the packages that an installed one needs on this machine, without extras.

    NOTE cyclonedx-py 7 takes what any extra of a package needs for what it needs: the tests of pandas for those of its users.
    """
    lines = (Requirement(line) for line in metadata.requires(name) or ())
    return {_plain(one.name) for one in lines if one.marker is None or one.marker.evaluate({"extra": ""})}


def written(bill: Bill) -> str:
    """The bill as text. *Raises* ValueError when it is no CycloneDX 1.6."""
    text = json.dumps(bill, indent=1, sort_keys=True) + "\n"
    wrong = make_schemabased_validator(OutputFormat.JSON, SchemaVersion.V1_6).validate_str(text)
    if wrong is not None:
        raise ValueError(f"The bill is no valid CycloneDX: {wrong}")
    return text


def declared() -> tuple[list[str], list[str]]:
    """Names of the packages that Injerto needs, and those of its extras for users."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [project["dependencies"], [line for extra in EXTRAS for line in project["optional-dependencies"][extra]]]
    required, optional = ([re.split(r"[><=\[;]", line)[0].strip() for line in part] for part in lines)
    return required, optional


def _needed(first: Iterable[str]) -> set[str]:
    """These packages, and what they need, and so on."""
    found: set[str] = set()
    waiting = list(first)
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += needs_of(one)
    return found


def _plain(name: str) -> str:
    """As indexes compare names (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def main(place: str) -> None:
    """Write the bill of the environment that runs this."""
    bill = of_users(of_environment(sys.executable), *declared())
    version: dict[str, str] = {}
    exec((ROOT / "src" / "injerto" / "version.py").read_text(encoding="utf-8"), version)
    bill["metadata"]["component"]["version"] = version["__version__"]
    target = Path(place)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(written(bill), encoding="utf-8")
    scopes = [one["scope"] for one in bill["components"]]
    print(f"{target}: {scopes.count('required')} packages, and {scopes.count('optional')} of extras")


if __name__ == "__main__":
    main(sys.argv[1])
