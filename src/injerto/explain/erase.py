"""Files without some of their places: photos with places in their mean colour, sounds with times and frequencies silent."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from injerto.backbones.lattice import Lattice

WINDOW, HOP = 1024, 256


def erased_photo(pixels: Tensor, gone: np.ndarray, shape: tuple[int, int]) -> Tensor:
    """Pixels (3,S,S) with the places that are `gone` (H*W,) of a map of `shape` in the mean colour of the photo."""
    side = pixels.shape[1:]
    mask = torch.from_numpy(gone.reshape(1, 1, *shape)).float()
    wide = functional.interpolate(mask, size=side, mode="nearest")[0] > 0
    mean = pixels.float().mean(dim=(1, 2), keepdim=True).to(pixels.dtype)
    return torch.where(wide, mean, pixels)


def erased_sound(samples: Tensor, gone: np.ndarray, lattice: Lattice, rate_hz: int) -> Tensor:
    """Samples (n,) without the places that are `gone` (F*T,): their bins of the spectrogram are set to 0.

    A bin goes when it lies in no place that stays: places of some networks overlap.
    """
    window = torch.hann_window(WINDOW)
    spectrum = torch.stft(samples, WINDOW, HOP, window=window, return_complex=True)
    bins_hz = np.arange(spectrum.shape[0]) * rate_hz / WINDOW
    frames_s = np.arange(spectrum.shape[1]) * HOP / rate_hz
    high = within(bins_hz, lattice.hertz)
    when = within(frames_s, lattice.seconds)
    marked = gone.reshape(len(lattice.hertz), len(lattice.seconds)).astype(float)
    out, stays = high.T @ marked @ when > 0, high.T @ (1 - marked) @ when > 0
    spectrum = torch.where(torch.from_numpy(out & ~stays), 0, spectrum)
    return torch.istft(spectrum, WINDOW, HOP, window=window, length=len(samples))


def within(points: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Which of the points (N,) lie between which edges (P,2), as numbers 0 and 1 (P,N)."""
    return ((points >= edges[:, :1]) & (points < edges[:, 1:])).astype(float)
