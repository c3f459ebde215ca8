"""Models in use: `injerto serve` for each that was asked for, with a token of its own."""

from __future__ import annotations

import asyncio
import re
import secrets
from pathlib import Path

from injerto.report.language import LanguageCode
from injerto.web.problems import Problem
from injerto.web.studio.child import Child

START_SECONDS = 90.0
_PLACE = re.compile(r"^Serving .* at (http://127\.0\.0\.1:\d+/\S*)", re.MULTILINE)


class Using:
    """By the name of the model."""

    def __init__(self, work: Path, language: LanguageCode | None) -> None:
        self.work, self.language = work, language
        self.children: dict[str, Child] = {}

    async def page(self, name: str, model: Path) -> str:
        """The address of the page that answers for `model`. *Raises* Problem (503) when it does not start."""
        child = self.children.get(name)
        if child is None or not child.running:
            words = ["serve", str(model), "--port", "0", "--corrections", str(self.work / "corrections")]
            words += [] if self.language is None else ["--lang", self.language]
            child = self.children[name] = Child(words, env={"INJERTO_TOKEN": secrets.token_urlsafe(24)})
        for _ in range(round(START_SECONDS * 10)):
            found = _PLACE.search("\n".join(child.seen.said))
            if found:
                return found[1]
            if not child.running:
                break
            await asyncio.sleep(0.1)
        raise Problem(503, child.seen.error or "The model cannot be served: " + " ".join(child.seen.said[-3:]))

    def close(self) -> None:
        """Stop all of them."""
        for child in self.children.values():
            child.stop()
        for child in self.children.values():
            child.wait(10)
