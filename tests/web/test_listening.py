"""Recordings over HTTP to the events that `Model.listen` hears."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile
from serving import served
from test_refusals import refused

import injerto
from made_ears import recording, write

pytestmark = pytest.mark.slow


def test_the_events_are_those_of_python(ears: Path, tmp_path: Path):
    file = write(tmp_path / "long.wav", recording(4, [(0.5, 1.5, "low"), (2.0, 3.5, "high")]))
    trained = injerto.load(ears)
    (expected,) = trained.listen(file, trained.listening_rule.amended(threshold=0.4))
    with served(ears) as client:
        assert client.get("/models/calls").told["verbs"] == ["predict", "explain", "listen"]
        broken = ("recording", "../../broken.wav", b"RIFF" + bytes(60))
        form = client.form("/listen?threshold=0.4", ("recording", "long.wav", file.read_bytes()), broken)
        body = client.ask("POST", "/listen?threshold=0.4", file.read_bytes(), {"Content-Type": "audio/wav"})
    assert form.status == body.status == 200
    first, second = form.told["recordings"]
    assert first["recording"] == "long.wav"
    assert first["seconds"] == pytest.approx(4)
    assert [tuple(event.values()) for event in first["events"]] == [pytest.approx(tuple(event)) for event in expected.events]
    assert expected.events
    assert second["events"] == []
    assert second["problem"]
    assert body.told["recordings"][0] == first | {"recording": "recording"}


def test_what_takes_too_long_is_given_up(ears: Path, tmp_path: Path):
    file = write(tmp_path / "long.wav", recording(120, []))
    with served(ears, limits=injerto.ServeLimits(request_seconds=0.05)) as client:
        reply = client.ask("POST", "/listen", file.read_bytes(), {"Content-Type": "audio/wav"})
    assert reply.status == 503
    assert "retry-after" in reply.headers


def test_sounds_that_are_too_long_or_none(ears: Path):
    long, flat = io.BytesIO(), io.BytesIO()
    soundfile.write(long, np.zeros(8000 * 70, dtype=np.float32), 8000, format="FLAC")  # of silence, a few bytes a second
    soundfile.write(flat, np.zeros(0, dtype=np.float32), 8000, format="WAV")
    with served(ears, limits=injerto.ServeLimits(sound_seconds=60)) as client:
        refused(client.form("/predict", ("file", "a.flac", long.getvalue())), 422, "too long: 70 s; at most 60 s")
        refused(client.form("/listen", ("recording", "a.flac", long.getvalue())), 422, "too long")
        for content in (flat.getvalue(), b"RIFF" + bytes(40), b"noise", b"OggS" + bytes(100), long.getvalue()[:100]):
            assert client.form("/predict", ("file", "a.wav", content)).status == 422
            assert client.form("/listen", ("recording", "../../a.wav", content)).status == 422
        refused(client.ask("POST", "/listen", b"", {"Content-Type": "audio/wav"}), 422, "no recordings")
        refused(client.post("/listen?threshold=2", {}), 400, "between 0 and 1")
        refused(client.form("/listen?threshold=0.2&low=0.5", ("recording", "a.wav", b"x")), 422, "low must be")
