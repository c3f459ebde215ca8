"""Where bonnet and blowhead lie in a right-whale crop: found by fitting a window of each full-size photo to its crop.

    python benchmarks/whales_window.py

Looked for are the places of the two points along the crop, their height, and how far the crop is stretched across, in pixels
of its 224 a side: those at which the window's grey levels correlate best with the crop's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image
from scipy.optimize import minimize
from whales_data import DATA, SIDE, full_size

SMALL = 56
"""Compared are crops of so many pixels a side."""
START = (181.0, 66.0, 111.5)


def main() -> None:
    """One line a photo, then the median and the spread."""
    found = []
    for row in full_size().iter_rows(named=True):
        window, correlation = fitted_window(row)
        found.append([*window, correlation])
        print(row["crop"], *(f"{value:.2f}" for value in window), f"{correlation:.3f}", flush=True)
    values = np.array(found)
    for name, line in zip(("bonnet", "blowhead", "height", "stretch", "correlation"), values.T, strict=True):
        print(f"{name:12} median {np.median(line):.3f}, from {line.min():.3f} to {line.max():.3f}")
    along = (np.median(values[:, :2], axis=0) + 0.5) / SIDE
    height = (np.median(values[:, 2]) + 0.5) / SIDE
    print(f"in shares of the side: bonnet {along[0]:.4f}, blowhead {along[1]:.4f}, height {height:.4f}")


def fitted_window(row: dict[str, Any]) -> tuple[list[float], float]:
    """Bonnet and blowhead along the crop, their height, the stretch across; and the correlation there."""
    likeness = _likeness(row)
    stretch = max(np.arange(0.6, 2.6, 0.1), key=lambda stretch: likeness([*START, stretch]))
    start = np.array([*START, stretch])
    simplex = np.vstack([start, start + np.diag([4, 4, 4, 0.15])])
    best = minimize(
        lambda window: -likeness(window), start, method="Nelder-Mead", options={"initial_simplex": simplex, "maxiter": 200}
    )
    return best.x.tolist(), -float(best.fun)


def _likeness(row: dict[str, Any]) -> Callable[[Any], float]:
    levels = np.asarray(Image.open(DATA / row["photo"]).convert("L"), dtype=np.float64)
    crop = np.asarray(
        Image.open(DATA / row["crop"]).convert("L").resize((SMALL, SMALL), Image.Resampling.BOX), dtype=np.float64
    )
    crop = (crop - crop.mean()) / crop.std()
    bonnet, blowhead = (complex(row[f"{name}_x"], row[f"{name}_y"]) for name in ("bonnet", "blowhead"))
    x, y = np.meshgrid(*[(np.arange(SMALL) + 0.5) * SIDE / SMALL - 0.5] * 2)

    def likeness(window: Any) -> float:
        to_bonnet, to_blowhead, height, stretch = window
        z = (bonnet - blowhead) / (to_bonnet - to_blowhead) * ((x - to_bonnet) + 1j * (y - height) / stretch) + bonnet
        part = _bilinear(levels, z)
        return float(((part - part.mean()) / (part.std() + 1e-6) * crop).mean())

    return likeness


def _bilinear(levels: np.ndarray, z: np.ndarray) -> np.ndarray:
    x, y = np.clip(z.real, 0, levels.shape[1] - 1.001), np.clip(z.imag, 0, levels.shape[0] - 1.001)
    left, top = x.astype(int), y.astype(int)
    right, low = x - left, y - top
    upper = levels[top, left] * (1 - right) + levels[top, left + 1] * right
    return np.asarray(upper * (1 - low) + (levels[top + 1, left] * (1 - right) + levels[top + 1, left + 1] * right) * low)


if __name__ == "__main__":
    main()
