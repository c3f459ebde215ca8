"""Models in use: `injerto serve` for each that was asked for, with a token of its own."""

from __future__ import annotations

import asyncio
import re
import secrets
from pathlib import Path

from injerto.report.language import LanguageCode
from injerto.web.problems import Problem
from injerto.web.studio.alike import table_alike
from injerto.web.studio.child import Child

START_SECONDS = 90.0
_PLACE = re.compile(r"^Serving .* at (http://127\.0\.0\.1:\d+/\S*)", re.MULTILINE)


class Using:
    """By the name of the model."""

    def __init__(self, work: Path, language: LanguageCode | None) -> None:
        self.work, self.language = work, language
        self.children: dict[str, Child] = {}

    async def page(self, name: str, model: Path, table: Path) -> str:
        """The address of the page that answers for `model`, and shows rows of the `table` that taught it.

        A table that has changed since, so that the model can no longer show its rows, is left out. *Raises* Problem (503) when
        the page does not start.
        """
        child = self.children.get(name)
        if child is not None and child.running:
            return await self._place(child)
        alike = table_alike(model, table)
        try:
            return await self._place(self._start(name, model, alike))
        except Problem:
            if alike is None or self.children[name].running:
                raise
            return await self._place(self._start(name, model, None))

    def _start(self, name: str, model: Path, alike: Path | None) -> Child:
        words = ["serve", str(model), "--port", "0", "--corrections", str(self.work / "corrections")]
        words += [] if alike is None else ["--among", str(alike)]
        words += [] if self.language is None else ["--lang", self.language]
        self.children[name] = Child(words, env={"INJERTO_TOKEN": secrets.token_urlsafe(24)})
        return self.children[name]

    async def _place(self, child: Child) -> str:
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
