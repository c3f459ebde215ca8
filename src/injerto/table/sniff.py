"""What a file is that is not what its column says, told from its first bytes."""

from __future__ import annotations

_MAGIC = [
    (b"\xff\xd8\xff", "a JPEG photo"),
    (b"\x89PNG", "a PNG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document: save its pictures as PNG"),
    (b"%!PS", "an EPS drawing: save it as PNG"),
    (b"\xc5\xd0\xd3\xc6", "an EPS drawing: save it as PNG"),
    (b"8BPS", "a Photoshop document: save it as PNG"),
    (b"PK\x03\x04", "a zip archive or office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"Rar!", "a RAR archive"),
    (b"OggS", "an Ogg sound"),
    (b"fLaC", "a FLAC sound"),
    (b"ID3", "an MP3 sound"),
    (b"\x93NUMPY", "a numpy array: save it as PNG or WAV"),
    (b"\x00\x00\x00\x0cJXL ", "a JPEG XL photo: convert it to JPEG or PNG"),
    (b"\x30\x26\xb2\x75", "a Windows Media file: convert it to WAV or FLAC"),
    (b"\xff\xf1", "an AAC sound: convert it to WAV or FLAC"),
    (b"\xff\xf9", "an AAC sound: convert it to WAV or FLAC"),
    (b"#!AMR", "an AMR sound: convert it to WAV or FLAC"),
    (b"\x00\x00\x01\xba", "an MPEG video"),
    (b"FLV\x01", "a Flash video"),
    (b"version https://git-lfs", "a Git LFS pointer: run 'git lfs pull' to fetch the file itself"),
]

_FTYP = {
    b"heic": "a HEIC photo: convert it to JPEG (on a phone, choose 'most compatible')",
    b"heix": "a HEIC photo: convert it to JPEG (on a phone, choose 'most compatible')",
    b"mif1": "a HEIC photo: convert it to JPEG (on a phone, choose 'most compatible')",
    b"avif": "an AVIF picture: convert it to JPEG or PNG",
    b"M4A ": "an M4A sound: convert it to WAV or FLAC",
    b"M4B ": "an M4A sound: convert it to WAV or FLAC",
    b"qt  ": "a QuickTime video",
}

_EBML_HEAD = 64


def what_is(content: bytes) -> str:
    """A few words for the kind of file, with what to do, or an empty string when its bytes tell nothing.

    Words for a film end in "video": what to take out of it, the reader of sounds or of pictures must say.
    """
    if content[4:8] == b"ftyp":
        return _FTYP.get(content[8:12], "an MP4 video")
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        return "a WAV sound"
    if content[:4] == b"RIFF" and content[8:12] == b"AVI ":
        return "an AVI video"
    if content[:4] == b"\x1a\x45\xdf\xa3":
        return "a WebM video" if b"webm" in content[:_EBML_HEAD] else "a Matroska video"
    for magic, words in _MAGIC:
        if content.startswith(magic):
            return words
    if not content.strip(b"\0"):
        return "nothing but zeros: the copy failed"
    head = content[:512].lstrip()
    if head[:5].lower() in (b"<svg ", b"<?xml") or b"<svg" in head.lower():
        return "an SVG drawing or XML: save it as PNG"
    if head[:14].lower().startswith((b"<!doctype html", b"<html")):
        return "a web page: the download failed"
    return f"text, beginning with {_words(head)!r}" if _is_text(content[:512]) else ""


def _is_text(head: bytes) -> bool:
    try:
        words = head.decode("utf-8", errors="strict" if len(head) < 512 else "ignore")
    except UnicodeDecodeError:
        return False
    return all(sign.isprintable() or sign.isspace() for sign in words)


def _words(head: bytes) -> str:
    return " ".join(head.decode("utf-8", errors="ignore").split())[:30]
