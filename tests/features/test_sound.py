from pathlib import Path

import numpy as np
import pytest
import torch
from media_columns import column_of, sounds

from injerto.errors import ColumnError, MediaError
from injerto.features import FEATURES
from injerto.features.sound import LONGEST_SECONDS, SHORTEST_SECONDS, SoundFeature
from injerto.schema.schema import Input
from injerto.table.table import Table

RATE_HZ = 16_000


def feature(clip_seconds: float | None = None) -> SoundFeature:
    return SoundFeature("media", Input(kind="sound", clip_seconds=clip_seconds)).suit("aisfx", RATE_HZ)


def test_length_holds_nearly_all_training_clips(tmp_path: Path) -> None:
    """Of 41 clips, the 95 % that are whole end with the 39th in order of length."""
    column = column_of(sounds(tmp_path, [*np.arange(1, 41) / 20, 5.0], rate_hz=8000), tmp_path)
    assert feature().fit(column).clip_seconds_ == pytest.approx(39 / 20)
    assert feature(0.25).fit(column).clip_seconds_ == 0.25


def test_length_has_limits(tmp_path: Path) -> None:
    names = sounds(tmp_path, [0.1, 12.0])
    assert feature().fit(column_of(names[:1], tmp_path)).clip_seconds_ == SHORTEST_SECONDS
    assert feature().fit(column_of(names[1:], tmp_path)).clip_seconds_ == LONGEST_SECONDS
    (tmp_path / "bad.wav").write_text("no sound")
    assert feature().fit(column_of([None, "bad.wav", "missing.wav"], tmp_path)).clip_seconds_ == LONGEST_SECONDS


def test_long_sounds_are_cut_short_ones_end_in_silence(tmp_path: Path) -> None:
    column = column_of(sounds(tmp_path, [0.25, 1.0]), tmp_path)
    fitted = feature(0.5).fit(column)
    short, long = fitted.encode(column)
    assert short.shape == long.shape == (RATE_HZ // 2,)
    assert short.dtype == torch.float32
    assert (short[: RATE_HZ // 4] != 0).float().mean() > 0.9
    assert (short[RATE_HZ // 4 :] == 0).all()
    assert (long[RATE_HZ // 4 :] != 0).float().mean() > 0.9


def test_serving_equals_training_bit_by_bit(tmp_path: Path) -> None:
    column = column_of(sounds(tmp_path, [0.3, 0.6]), tmp_path)
    trained = feature().fit(column)
    served = FEATURES["sound"]("media", Input(kind="sound")).restore(trained.state())
    assert torch.equal(served.encode(column), trained.encode(column))
    assert isinstance(served, SoundFeature)
    assert served.transform == trained.transform
    assert served.transform != feature(3.0).fit(column).transform


def test_a_bad_file_says_where(tmp_path: Path) -> None:
    (tmp_path / "bad.wav").write_text("text")
    with pytest.raises(MediaError, match=r"row 7: bad.wav: not a sound"):
        feature(1.0).fit(column_of([None], tmp_path)).read(column_of(["bad.wav"], tmp_path, first_row=7), 0)


def test_times_beside_the_files_make_clips(tmp_path: Path) -> None:
    (name,) = sounds(tmp_path, [4.0], rate_hz=RATE_HZ)
    table = Table.of({"media": [name, name, None], "from": [0.5, 2.0, 1.0], "to": [1.25, None, 2.0]}, folder=tmp_path)
    options = Input(kind="sound", start="from", end="to")
    clips = SoundFeature("media", options).suit("aisfx", RATE_HZ)
    assert clips.reads == ["media", "from", "to"]
    column = clips.column(table)
    assert clips.fit(column).clip_seconds_ == 2.0
    assert column.values.is_null().to_list() == [False, False, True]
    whole = SoundFeature("media", Input(kind="sound", clip_seconds=4.0)).suit("aisfx", RATE_HZ)
    samples = whole.fit(column).read(column_of([name], tmp_path), 0)
    first, second = clips.encode(column.take(np.array([0, 1])))
    assert torch.equal(first[:12_000], samples[8000:20_000])
    assert (first[12_000:] == 0).all()
    assert torch.equal(second, samples[32_000:])
    with pytest.raises(ColumnError, match="no column 'to'"):
        clips.column(Table.of({"media": [name], "from": [1.0]}, folder=tmp_path))
