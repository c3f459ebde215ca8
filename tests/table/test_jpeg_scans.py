"""A JPEG that goes over its picture thousands of times is refused; what merely holds such bytes is not."""

from pathlib import Path

import pytest
from PIL import Image

from injerto.errors import MediaError
from injerto.table.jpeg_scans import refuse_scans
from injerto.table.pixels import read_pixels
from made_media import encoded, textured

PHOTO = Image.fromarray(textured(61, 45))
PROGRESSIVE = encoded(PHOTO, "JPEG", progressive=True)
SCAN, END = b"\xff\xda", b"\xff\xd9"


def with_scans(count: int) -> bytes:
    """The last scan so many times more, with the end that there was."""
    place = PROGRESSIVE.rindex(SCAN)
    return PROGRESSIVE[:place] + PROGRESSIVE[place:-2] * count + END


def test_thousands_of_scans_are_refused() -> None:
    """30 bytes each keep a decoder busy for the whole picture: 1,000 took 2.5 s of 16 million pixels."""
    with pytest.raises(MediaError, match="damaged JPEG: 1009 scans of one picture; encoders write up to 20, and 100 are read"):
        read_pixels(with_scans(1000), Path())
    refuse_scans(with_scans(91))
    with pytest.raises(MediaError, match="101 scans"):
        refuse_scans(with_scans(92))


@pytest.mark.parametrize("behind", [SCAN * 500, b"\0" + SCAN * 500])
def test_what_follows_the_picture_does_not_count(behind: bytes) -> None:
    assert read_pixels(encoded(PHOTO, "JPEG") + behind, Path()).shape == (45, 61, 3)


def test_scans_hidden_behind_a_comment_that_holds_an_end_count() -> None:
    content = with_scans(200)
    comment = b"\xff\xfe\0\x04" + END
    place = content.index(SCAN)
    with pytest.raises(MediaError, match="209 scans"):
        refuse_scans(content[:place] + comment + content[place:])


def test_a_block_of_facts_may_hold_any_bytes() -> None:
    facts = b"\xff\xe5" + (2 + 2 * 500).to_bytes(2, "big") + SCAN * 500
    refuse_scans(PROGRESSIVE[:2] + facts + PROGRESSIVE[2:])


@pytest.mark.parametrize("cut", [2, 3, 4, 30])
def test_files_that_end_anywhere(cut: int) -> None:
    refuse_scans((SCAN * 101)[:202] + with_scans(2)[:cut])
    refuse_scans(PROGRESSIVE[:-cut] + SCAN * 101)
