import numpy as np

from injerto.learning.noises import noises


def test_from_silence_to_chords() -> None:
    made = noises(16_000, 16_000)
    assert made.shape == (28, 16_000)
    assert made.dtype == np.float32
    assert not made[-1].any()
    assert np.isfinite(made).all()
    assert np.abs(made).max() < 1
    assert np.array_equal(made, noises(16_000, 16_000))


def test_colours_by_their_slopes() -> None:
    """From 100-200 Hz to 1,600-3,200 Hz, four octaves: white keeps its power a hertz, pink loses 12 dB, brown 24 dB."""
    power = np.abs(np.fft.rfft(noises(160_000, 16_000)[[0, 5, 10]].astype(np.float64))) ** 2
    fall = 10 * np.log10(power[:, 1000:2000].mean(axis=1) / power[:, 16_000:32_000].mean(axis=1))
    np.testing.assert_allclose(fall, [0, 12, 24], atol=1)
