"""The endings by which files are known for photos and sounds, and in which tables are written."""

from __future__ import annotations

_USUAL_PHOTOS = {".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".gif", ".bmp", ".tif", ".tiff", ".webp"}
_USUAL_SOUNDS = {".wav", ".wave", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aif", ".aiff", ".aifc", ".au", ".caf"}
PHOTO_SUFFIXES = frozenset(_USUAL_PHOTOS | {".jp2", ".avif", ".heic", ".heif", ".ppm", ".pgm", ".pbm", ".pnm", ".tga", ".ico"})
SOUND_SUFFIXES = frozenset(_USUAL_SOUNDS | {".w64", ".rf64", ".m4a", ".aac", ".wma", ".amr"})
"""Suffixes of files that become rows. Some kinds cannot be read: as rows they reach the ledger, and somebody sees them."""
TABLE_SUFFIXES = (".csv", ".tsv", ".parquet")
"""The formats in which tables are written."""
