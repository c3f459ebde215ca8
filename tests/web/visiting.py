"""A page of a server in a real browser, with all that its console said. Skips where there is no browser to look with."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from serving import Client

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install playwright")
CHROMIUM = os.environ.get("INJERTO_CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)
_axe = find_spec("axe_playwright_python")
AXE = os.environ.get("INJERTO_AXE") or (str(Path(_axe.origin).with_name("axe.min.js")) if _axe and _axe.origin else "")
"""The accessibility checker axe, where there is one: INJERTO_AXE names its file, or a package brings it."""
looks = pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium: install one, or set INJERTO_CHROMIUM")
pytestmark = [pytest.mark.slow, looks]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[playwright.Browser]:
    with playwright.sync_playwright() as started:
        found = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        found.close()


class Visit:
    """A page of a server, with all that its console said."""

    def __init__(
        self,
        browser: playwright.Browser,
        client: Client,
        *,
        width: int = 1440,
        scheme: str = "light",
        path: str = "/",
        locale: str = "en-GB",
    ):
        self.context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, locale=locale)
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page = self.context.new_page()
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda slip: self.said.append(str(slip)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.root = f"http://127.0.0.1:{client.port}"
        self.page.goto(self.root + path)

    def close(self) -> None:
        """The console must have said nothing, the network not been asked, and the page fit the screen."""
        assert self.said == []
        assert [url for url in self.asked if not url.startswith((self.root, "blob:", "data:"))] == []
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        if AXE:
            self.page.evaluate(Path(AXE).read_text(encoding="utf-8"))
            told = self.page.evaluate("axe.run()")
            assert len(told["passes"]) > 5
            found = told["violations"]
            assert [(one["help"], one["nodes"]) for one in found if one["impact"] in ("serious", "critical")] == []
        self.context.close()
