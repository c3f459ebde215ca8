"""The description is of what is there: its columns, its answers, and a thousand requests made from it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from serving import Client, served
from test_refusals import ROW

from injerto.web.site import site  # noqa: F401 - the door must be there

CHECKED = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance")


def described(server: Client) -> dict[str, Any]:
    return server.get("/openapi.json").told


def test_it_names_the_columns_of_the_model(server: Client):
    document = described(server)
    assert document["openapi"].startswith("3.1")
    for path in ("/predict", "/models/birds/predict"):
        shape = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
        row = shape["properties"]["rows"]["items"]
        assert row["required"] == ["mass_g", "hour", "seen"]
        assert row["properties"]["hour"]["examples"] == ["day", "night"]
    rows = document["paths"]["/explain"]["post"]["requestBody"]["content"]["application/json"]["schema"]["properties"]["rows"]
    assert rows["maxItems"] == 1
    assert "/identify" not in document["paths"]
    assert "/corrections" not in document["paths"]


def test_every_address_that_is_described_is_there(server: Client):
    for path, verbs in described(server)["paths"].items():
        for verb in verbs:
            assert server.ask(verb.upper(), path, b"", {"Content-Type": "application/json"}).status in (200, 400)


def test_every_status_is_described(server: Client):
    told = described(server)["paths"]["/predict"]["post"]["responses"]
    assert {"200", "400", "401", "403", "404", "408", "413", "415", "421", "422", "503"} == set(told)
    assert set(server.rows(ROW).told) == set(told["200"]["content"]["application/json"]["schema"]["required"])


def test_an_explanation_is_as_it_is_described(server: Client):
    told = described(server)["paths"]["/explain"]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    reply = server.rows(ROW, path="/explain").told
    assert set(reply) == set(told["required"])
    shares = told["properties"]["contributions"]["additionalProperties"]
    assert set(shares["required"]) <= set(reply["contributions"]["species"])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_thousand_requests_made_from_it(mixed: Path, photos: Path, tmp_path: Path):
    """Right ones and wrong ones: each has a response that is described, and none is a failure of the server."""
    schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed: pip install schemathesis")
    hypothesis = pytest.importorskip("hypothesis")
    checks = pytest.importorskip("schemathesis.checks")
    asked: list[int] = []
    among = {"photo": sorted(map(str, photos.rglob("*.png"))), "size": [1.0] * 16, "tint": ["green"] * 8 + ["red"] * 8}
    with served(mixed, corrections=tmp_path, among=among) as client:
        schema = schemathesis.openapi.from_dict(described(client))
        schema.config.update(base_url=f"http://127.0.0.1:{client.port}")
        operations = [found.ok() for found in schema.get_all_operations()]
        for operation in operations:
            for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):

                @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
                @hypothesis.settings(
                    max_examples=300,
                    deadline=None,
                    database=None,
                    derandomize=True,
                    suppress_health_check=list(hypothesis.HealthCheck),
                )
                def ask(case: Any) -> None:
                    reply = case.call()
                    asked.append(reply.status_code)
                    case.validate_response(
                        reply,
                        checks=[checks.CHECKS.get_one(name) for name in CHECKED],
                    )

                with suppress(hypothesis.errors.Unsatisfiable):  # what has no input has no wrong input
                    ask()
        assert client.get("/health").status == 200
    assert len(asked) >= 1000
    assert not [status for status in asked if status >= 500]
