"""The words of a page that a person or a screen reader meets."""

from __future__ import annotations

import re
from html.parser import HTMLParser

SPOKEN_ATTRIBUTES = ("alt", "aria-label", "title", "placeholder", "data-tip", "data-of")
OURS = ("Injerto",)


class _Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.hidden = 0
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in ("style", "script", "pre")
        self.words += [value for name, value in attrs if name in SPOKEN_ATTRIBUTES and value]

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("style", "script", "pre")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.words.append(data)


def seen_text(html: str) -> set[str]:
    """Each word once."""
    page = _Seen()
    page.feed(html)
    return set(re.findall(r"[\w']+", " ".join(page.words))) - set(OURS)
