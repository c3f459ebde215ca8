"""The bill of materials: all that a user's environment needs and nothing of ours, with versions and licences."""

import importlib.metadata
import json
import sys

import pytest
import sbom


@pytest.fixture(scope="module")
def bill() -> sbom.Bill:
    return sbom.of_users(sbom.of_environment(sys.executable), *sbom.declared())


@pytest.mark.slow
def test_every_package_that_is_needed_is_in_it(bill: sbom.Bill) -> None:
    required = {one["name"].lower().replace("_", "-"): one for one in bill["components"] if one["scope"] == "required"}
    assert {name.lower().replace("_", "-") for name in sbom.declared()[0]} <= set(required)
    assert {"polars-runtime-32", "scipy", "cffi"} <= set(required)  # what those need in turn
    for name, one in required.items():
        assert one["version"] == importlib.metadata.version(name)
        assert one["licenses"], f"{name} has no licence"
        assert one["purl"].startswith(f"pkg:pypi/{name}@")


@pytest.mark.slow
def test_tools_of_ours_are_not_in_it(bill: sbom.Bill) -> None:
    scopes = {one["name"]: one["scope"] for one in bill["components"]}
    assert not {"pytest", "mypy", "pip-audit", "cyclonedx-bom", "hypothesis"} & set(scopes)
    assert scopes["starlette"] == "optional"


@pytest.mark.slow
def test_the_file_is_valid_and_closed(bill: sbom.Bill) -> None:
    told = json.loads(sbom.written(bill))
    refs = {one["bom-ref"] for one in told["components"]} | {told["metadata"]["component"]["bom-ref"]}
    assert {one["ref"] for one in told["dependencies"]} == refs
    assert {need for one in told["dependencies"] for need in one["dependsOn"]} <= refs
    with pytest.raises(ValueError, match="no valid CycloneDX"):
        sbom.written({**bill, "components": [{"name": "nameless kind"}]})


def test_a_package_that_is_not_installed_is_missed() -> None:
    bare = {"components": [], "dependencies": [], "metadata": {"component": {"bom-ref": "root"}}}
    with pytest.raises(LookupError, match="Not installed, so not in the bill: nowhere-to-be-found"):
        sbom.of_users(bare, ["Nowhere_to.be-found"], [])
