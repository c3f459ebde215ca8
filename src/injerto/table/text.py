"""Bytes of a text file to UTF-8, whatever program wrote them."""

from __future__ import annotations

import codecs

from injerto.errors import TableError

_MARKS = [
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
]

_BINARY = [
    (b"PAR1", "a Parquet file: name it .parquet"),
    (b"ARROW1", "an Arrow file: name it .arrow"),
    (b"PK\x03\x04", "a zip or Excel file: name it .zip, .xlsx or .ods"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file: name it .xls"),
    (b"\x1f\x8b", "compressed with gzip: name it .csv.gz"),
    (b"\xff\xd8\xff", "a JPEG photo"),
    (b"\x89PNG", "a PNG picture"),
    (b"%PDF", "a PDF document"),
    (b"SQLite format 3", "an SQLite database: export the table as CSV first"),
]


def to_utf8(raw: bytes, name: str) -> tuple[bytes, str]:
    """The text of `raw` in UTF-8 without a mark, and the encoding it was in.

    *Raises* TableError when `raw` is empty or no text.
    """
    if not raw.strip():
        raise TableError(f"The table {name} is empty: it has {len(raw)} bytes and no column names.")
    for magic, what in _BINARY:
        if raw.startswith(magic):
            raise TableError(f"The table {name} is not text: it is {what}.")
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _decoded(raw[len(mark) :], encoding, name), encoding
    if b"\0" in raw[:65536]:
        encoding = _utf16_without_mark(raw[:65536], name)
        return _decoded(raw, encoding, name), encoding
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return _western(raw)
    return raw, "utf-8"


def _decoded(raw: bytes, encoding: str, name: str) -> bytes:
    try:
        return raw.decode(encoding).encode("utf-8")
    except UnicodeDecodeError as slip:
        raise TableError(
            f"The table {name} says it is {encoding} text, but is damaged: {slip.reason} at byte {slip.start}."
        ) from slip


def _utf16_without_mark(head: bytes, name: str) -> str:
    """Which UTF-16 it is: in western text every second byte is zero."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 0.4 * len(head) / 2 and even < 0.05 * len(head):
        return "utf-16-le"
    if even > 0.4 * len(head) / 2 and odd < 0.05 * len(head):
        return "utf-16-be"
    raise TableError(f"The table {name} is not text: it holds zero bytes, as programs and pictures do. Save the table as CSV.")


def _western(raw: bytes) -> tuple[bytes, str]:
    """Text older than UTF-8. Windows-1252 is Latin-1 with printable signs where Latin-1 has control codes."""
    try:
        return raw.decode("cp1252").encode("utf-8"), "windows-1252"
    except UnicodeDecodeError:
        return raw.decode("latin-1").encode("utf-8"), "latin-1"
