"""Thumbnails are small JPEGs that keep the photo's shape and colours."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from injerto.gallery.thumbnail import LONGEST, data_uri, thumbnail


@pytest.mark.parametrize(("height", "width", "size"), [(300, 600, (160, 80)), (600, 200, (53, 160)), (20, 30, (30, 20))])
def test_the_longer_side_is_at_most_160(height, width, size):
    pixels = np.zeros((height, width, 3), dtype=np.uint8)
    pixels[..., 0] = 200
    picture = Image.open(io.BytesIO(thumbnail(pixels)))
    assert picture.format == "JPEG"
    assert picture.size == size
    assert max(size) <= LONGEST
    red, green, blue = np.asarray(picture).reshape(-1, 3).mean(axis=0)
    assert abs(red - 200) < 4
    assert max(green, blue) < 4


def test_the_address_holds_the_bytes():
    jpeg = thumbnail(np.zeros((4, 4, 3), dtype=np.uint8)[:, ::-1])  # a view that is not contiguous
    head, content = data_uri(jpeg).split(",")
    assert head == "data:image/jpeg;base64"
    assert base64.b64decode(content) == jpeg
    assert data_uri(None) == ""
