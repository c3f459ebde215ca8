"""Forms with files: the parts of a multipart body, in memory, none of them a path."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from injerto.web.problems import Problem

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

MOST_PARTS = 20_000
logging.getLogger("python_multipart").setLevel(logging.ERROR)  # it warns of every slip of a client


@dataclass
class Part:
    """One field. A name of a file is shown to people, and never opened."""

    name: str
    content: bytes
    filename: str | None = None

    @property
    def text(self) -> str:
        """The content of a field that is no file. *Raises* Problem when it is no text."""
        try:
            return self.content.decode("utf-8")
        except UnicodeDecodeError as slip:
            raise Problem(400, f"The field '{self.name}' is neither a file nor text in UTF-8.") from slip


def parts_of(content_type: str, body: bytes) -> list[Part]:
    """The parts of `body` in their order. *Raises* Problem (400) for a body that is no such form, or is cut short."""
    _, options = parse_options_header(content_type)
    boundary = options.get(b"boundary", b"")
    if not boundary:
        raise Problem(400, "The header Content-Type names no boundary of the parts.")
    gathered = _Gathered()
    try:
        parser = MultipartParser(boundary, gathered.callbacks())
        parser.write(body)
        parser.finalize()
    except (MultipartParseError, ValueError, LookupError) as slip:
        raise Problem(400, f"The body is no multipart form: {slip}.") from slip
    if not gathered.ended:
        raise Problem(400, "The form is cut short: its last boundary is missing.")
    return gathered.parts


@dataclass
class _Gathered:
    """What the parser calls while it goes through a body."""

    parts: list[Part] = field(default_factory=list)
    ended: bool = False
    _key: bytearray = field(default_factory=bytearray)
    _value: bytearray = field(default_factory=bytearray)
    _head: dict[bytes, bytes] = field(default_factory=dict)
    _content: list[bytes] = field(default_factory=list)

    def callbacks(self) -> MultipartCallbacks:
        """By the parser's names of what it met."""
        return {
            "on_part_begin": self.begin,
            "on_header_field": lambda data, start, end: self._key.extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
            "on_header_end": self.header,
            "on_part_data": lambda data, start, end: self._content.append(data[start:end]),
            "on_part_end": self.end,
            "on_end": self.finish,
        }

    def begin(self) -> None:
        if len(self.parts) >= MOST_PARTS:
            raise Problem(413, f"The form has more than {MOST_PARTS:,} parts.")
        self._head, self._content = {}, []

    def header(self) -> None:
        self._head[bytes(self._key).lower()] = bytes(self._value)
        self._key, self._value = bytearray(), bytearray()

    def end(self) -> None:
        kind, options = parse_options_header(self._head.get(b"content-disposition", b""))
        if kind != b"form-data" or b"name" not in options:
            raise Problem(400, "A part of the form has no name.")
        filename = options.get(b"filename")
        shown = None if filename is None else filename.decode("utf-8", "replace")
        name = options[b"name"].decode("utf-8", "replace")
        self.parts.append(Part(name, b"".join(self._content), shown))

    def finish(self) -> None:
        self.ended = True
