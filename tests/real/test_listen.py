"""Real sounds over a real soundscape: a model that learned with backgrounds hears when they begin and end."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from injerto.backbones import weights
from injerto.events.match import Told, event_f1
from injerto.learning.sounding import sounding
from injerto.schema.schema import Input, Schema, Split, Target, Training
from injerto.table.media import read_samples
from injerto.table.table import Table
from injerto.train_model import train

DATA = Path(__file__).parents[3] / "shared" / "data"
SOUNDS = ["baby_cry", "chainsaw", "rooster"]
RATE_HZ = 32_000
GAP_S = 4


@pytest.mark.slow
def test_sounds_in_a_recording_are_found_where_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INJERTO_WEIGHTS", os.pathsep.join([str(weights.folder()), str(DATA / "weights")]))
    if not (DATA / "esc10").exists():
        pytest.skip("the real data esc10 is not on this machine")
    if not weights.ready("mn04"):
        pytest.skip("the weights of mn04 are not on this machine: injerto backbones get mn04")
    clips = Table.read(DATA / "esc10" / "clips.csv")
    three = clips.frame["sound"].is_in(SOUNDS).to_numpy()
    fold = clips.frame["fold"].to_numpy()
    hours = sorted((DATA / "soundscape").glob("S4A*.ogg"))
    (tmp_path / "backgrounds").mkdir()
    for hour in hours[::2]:
        shutil.copy(hour, tmp_path / "backgrounds")
    schema = Schema(
        targets={"sound": Target(kind="class")},
        inputs={"clip": Input(kind="sound", backbone="mn04")},
        split=Split(group="source", test_share=0.0),
        training=Training(mode="probe", background=str(tmp_path / "backgrounds")),
    )
    model = train(clips.take(np.flatnonzero(three & (fold < 3))), schema=schema)

    asked = clips.take(np.flatnonzero(three & (fold == 3))).frame
    bed = np.concatenate([read_samples(str(hour), Path(), rate_hz=RATE_HZ) for hour in hours[1::2]])
    samples = np.resize(bed, len(asked) * (5 + GAP_S) * RATE_HZ)
    events = []
    for number, (name, label) in enumerate(asked.select("clip", "sound").iter_rows()):
        clip = read_samples(name, clips.folder, rate_hz=RATE_HZ)
        start = (number * (5 + GAP_S) + GAP_S // 2) * RATE_HZ
        under = samples[start : start + len(clip)]
        under += 3.2 * np.sqrt(np.square(under).mean() / max(np.square(clip).mean(), 1e-12)) * clip  # 10 dB above
        events += [Told((start + first) / RATE_HZ, (start + last) / RATE_HZ, label) for first, last in sounding(clip, RATE_HZ)]
    soundfile.write(tmp_path / "made.flac", samples / np.abs(samples).max(), RATE_HZ)
    found = model.listen(tmp_path / "made.flac").frame()
    told = [Told(*event) for event in found.select("start_s", "end_s", "label").iter_rows()]
    assert event_f1(told, events).value > 0.7
