"""Who may ask: hosts, pages of other sites, the token, and what every response says to browsers."""

from __future__ import annotations

from pathlib import Path

import pytest
from serving import Client, served
from test_refusals import ROW, refused

import injerto
from injerto.errors import ArtifactError, ServeError
from injerto.web.assets import ASSETS

TOKEN = "a-token-of-some-length"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "", "0.0.0.0"])
def test_a_name_that_is_not_the_servers_is_refused(server: Client, host: str):
    """What a page says whose name was made to point here after it was loaded (DNS rebinding)."""
    for path in ("/health", "/", "/models"):
        refused(server.get(path, Host=host), 421, "--name")
    refused(server.post("/predict", {"rows": [ROW]}, Host=host), 421, "--name")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1234", "127.0.0.1", "[::1]:8000"])
def test_names_of_this_machine_are_taken(server: Client, host: str):
    assert server.get("/health", Host=host).status == 200


def test_pages_of_other_sites_change_nothing_and_read_nothing(server: Client):
    told = {"rows": [ROW]}
    refused(server.post("/predict", told, Origin="https://evil.example"), 403, "another site")
    refused(server.post("/predict", told, Origin="null"), 403, "another site")
    refused(server.post("/predict", told, Origin=f"http://localhost:{server.port + 1}"), 403, "another site")
    assert server.post("/predict", told, Origin=f"http://127.0.0.1:{server.port}").status == 200
    refused(server.post("/predict", told, **{"Sec-Fetch-Site": "cross-site"}), 403, "another site")
    reply = server.ask("OPTIONS", "/predict", None, {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"})
    assert not [name for name in reply.headers if name.startswith("access-control")]


def test_every_response_tells_browsers_to_be_careful(server: Client):
    for reply in (server.get("/"), server.get("/nothing"), server.get("/health", Host="evil.example"), server.rows(ROW)):
        assert "default-src 'none'" in reply.headers["content-security-policy"]
        assert "unsafe" not in reply.headers["content-security-policy"]
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["cache-control"] == "no-store"
        assert "server" not in reply.headers


def test_with_a_token_everything_about_models_needs_it(birds_model: Path):
    with served(birds_model, token=TOKEN) as client:
        assert client.token == TOKEN
        assert client.get("/models").status == 200
        assert client.rows(ROW).status == 200
        stranger = Client(client.port)
        for path in ("/models", "/models/birds", "/metrics", "/openapi.json", "/nothing"):
            refused(stranger.get(path), 401, "Authorization: Bearer")
            assert stranger.get(path).headers["www-authenticate"] == "Bearer"
            refused(stranger.get(path, Authorization=f"Bearer {TOKEN}x"), 401, "token")
            refused(stranger.get(path, Authorization=f"Basic {TOKEN}"), 401, "token")
        refused(stranger.rows(ROW), 401, "token")
        for path in ("/health", *ASSETS):
            assert stranger.get(path).status == 200


def test_beyond_this_machine_there_is_always_a_token(birds_model: Path):
    with served(birds_model, host="0.0.0.0") as client:
        assert client.token is not None
        assert len(client.token) >= 20
        assert client.get("/models", Host="box.local").status == 200  # whoever knows the token may use any name
        refused(Client(client.port).get("/models"), 401, "token")
    with served(birds_model, host="0.0.0.0", names=["box.local"]) as client:
        assert client.get("/models", Host="box.local:99").status == 200
        refused(client.get("/models", Host="other.local"), 421, "--name")


def test_what_cannot_be_served_says_why(birds_model: Path, server: Client, tmp_path: Path):
    with pytest.raises(ServeError, match=r"The token has 5 characters; give at least 16"):
        injerto.serve(birds_model, token="short")
    with pytest.raises(ServeError, match=rf"127\.0\.0\.1:{server.port} cannot be had: Address already in use"):
        injerto.serve(birds_model, port=server.port)
    with pytest.raises(ServeError, match=r"cannot be had"):
        injerto.serve(birds_model, host="no.such.host.invalid", token=TOKEN)
    with pytest.raises(ArtifactError, match=r"is no model, and holds none"):
        injerto.serve(tmp_path, port=0)
    with pytest.raises(ArtifactError, match=r"does not exist"):
        injerto.serve(tmp_path / "gone", port=0)
