"""Which cells of an Excel sheet are merged: readers of values see the first alone, and the rest look missing."""

from __future__ import annotations

import html
import io
import re
import zipfile

_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_RELATION = re.compile(rb"<Relationship\s[^>]*>")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z0-9:]+)"')
_MOST_INDEX_BYTES = 4 * 1024**2
"""Of the lists of sheets: ten thousand of them take less. A file made to unpack to gigabytes is left alone."""
_TAIL_BYTES = 4 * 1024**2
"""Merged cells are told of after all cells: only the end of a long sheet is kept."""


def merged_cells(raw: bytes, sheet: str) -> list[str]:
    """Ranges such as A2:A5 of a sheet of an .xlsx file. Empty for other files, and for what cannot be told."""
    if not raw.startswith(b"PK"):
        return []
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            ids = {_said(tag, b"name"): _said(tag, b"r:id") for tag in _SHEET.findall(_index(archive, "xl/workbook.xml"))}
            relations = _RELATION.findall(_index(archive, "xl/_rels/workbook.xml.rels"))
            places = {_said(tag, b"Id"): _said(tag, b"Target") for tag in relations}
            place = places[ids[sheet]]
            with archive.open(place.lstrip("/") if place.startswith("/") else f"xl/{place}") as file:
                tail = b""
                while part := file.read(_TAIL_BYTES):
                    tail = tail[-_TAIL_BYTES:] + part
    except (KeyError, zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError):
        return []  # not Excel's layout (.ods is a zip, too); the values themselves were read
    return [found.decode() for found in _MERGED.findall(tail)]


def _index(archive: zipfile.ZipFile, name: str) -> bytes:
    """A list of sheets. *Raises* KeyError where there is none, OSError where it is too long to be one."""
    with archive.open(name) as file:  # what the archive says of its size may be wrong
        found = file.read(_MOST_INDEX_BYTES + 1)
    if len(found) > _MOST_INDEX_BYTES:
        raise OSError(f"{name} unpacks to more than {_MOST_INDEX_BYTES:,} bytes")
    return found


def _said(tag: bytes, name: bytes) -> str:
    found = re.search(rb"\s" + name + rb'="([^"]*)"', tag)
    return html.unescape(found[1].decode("utf-8", "replace")) if found else ""
