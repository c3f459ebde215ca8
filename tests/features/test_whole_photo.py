from pathlib import Path

import numpy as np
import torch
from PIL import Image

from injerto.features.whole_photo import GREY, WholePhotoFeature, cut
from injerto.schema.schema import Input


def test_nothing_is_cut_off_and_the_rest_is_grey() -> None:
    pixels = torch.arange(1 * 4 * 3, dtype=torch.uint8).reshape(1, 4, 3)
    square = cut(pixels, 0, -1, 4)
    assert square.shape == (4, 4, 3)
    assert torch.equal(square[1], pixels[0])  # one row of grey above it
    assert (square[[0, 2, 3]] == GREY).all()


def test_a_photo_comes_at_the_size_asked_for(tmp_path: Path) -> None:
    Image.fromarray(np.full((20, 40, 3), 200, dtype=np.uint8)).save(tmp_path / "a.png")
    feature = WholePhotoFeature("photo", Input(kind="image")).suit("efficientnet_lite0", 32)
    pixels = feature.decode("a.png", tmp_path, None)
    assert pixels.shape == (3, 32, 32)
    assert (pixels[:, :6] == GREY).all() and (pixels[:, 10:22] == 200).all()
    again = WholePhotoFeature("photo", Input(kind="image")).restore(feature.state())
    assert (again.backbone_, again.resolution_) == ("efficientnet_lite0", 32)
