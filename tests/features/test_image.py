from pathlib import Path

import numpy as np
import pytest
import torch
from media_columns import column_of, photos
from PIL import Image

from injerto.errors import MediaError
from injerto.features import FEATURES
from injerto.features.image import ImageFeature, squeezed
from injerto.schema.schema import Input


def feature(side: int) -> ImageFeature:
    return ImageFeature("media", Input(kind="image")).suit("efficientnet_lite0", side)


def test_the_centred_square_is_kept(tmp_path: Path) -> None:
    """Red, green and blue bands of 8 columns: of a picture three times as wide as high, the green one is the middle."""
    pixels = np.zeros((8, 24, 3), dtype=np.uint8)
    for band in range(3):
        pixels[:, 8 * band : 8 * band + 8, band] = 255
    Image.fromarray(pixels).save(tmp_path / "wide.png")
    Image.fromarray(pixels.transpose(1, 0, 2)).save(tmp_path / "high.png")
    for name in ("wide.png", "high.png"):
        cell = feature(8).read(column_of([name], tmp_path), 0)
        assert cell.shape == (3, 8, 8)
        assert cell.dtype == torch.uint8
        assert cell.flatten(1).float().mean(dim=1).tolist() == [0.0, 255.0, 0.0]


def test_resizing_by_hand() -> None:
    """Antialiased halving of a linear ramp keeps its middle: columns 0, 20, ... 140 meet between 2 and 3, 4 and 5."""
    ramp = torch.arange(0, 160, 20, dtype=torch.uint8).repeat(8, 1)[:, :, None].expand(-1, -1, 3)
    assert squeezed(ramp, 4)[0, 1].tolist()[1:3] == [50, 90]
    flat = torch.full((31, 31, 3), 77, dtype=torch.uint8)
    assert (squeezed(flat, 7) == 77).all()
    assert torch.equal(squeezed(ramp, 8), ramp.permute(2, 0, 1))


def test_close_to_pillow() -> None:
    coarse = np.random.default_rng(0).integers(0, 255, (9, 9, 3), dtype=np.uint8)
    picture = Image.fromarray(coarse).resize((301, 301), Image.Resampling.BICUBIC)
    theirs = np.asarray(picture.resize((64, 64), Image.Resampling.BILINEAR)).astype(int)
    ours = squeezed(torch.from_numpy(np.array(picture)), 64).permute(1, 2, 0).numpy().astype(int)
    assert np.abs(ours - theirs).max() <= 2


def test_serving_equals_training_bit_by_bit(tmp_path: Path) -> None:
    column = column_of(photos(tmp_path, 3), tmp_path)
    trained = feature(20).fit(column)
    served = FEATURES["image"]("media", Input(kind="image")).restore(trained.state())
    assert torch.equal(served.encode(column), trained.encode(column))
    assert isinstance(served, ImageFeature)
    assert served.transform == trained.transform
    assert served.transform != feature(21).transform


def test_a_bad_file_says_where(tmp_path: Path) -> None:
    (tmp_path / "bad.jpg").write_text("text")
    with pytest.raises(MediaError, match=r"row 7: bad.jpg: not a picture"):
        feature(20).read(column_of(["bad.jpg"], tmp_path, first_row=7), 0)
