"""Where a browser is, and what a page did in it."""

from __future__ import annotations

import importlib.util
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update"]
WIDTHS = (360, 1440)


def browser_path() -> str | None:
    """The first browser on the PATH that speaks as Chromium does."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def flags() -> list[str]:
    """How it is started; the sandbox does not work for root, as whom containers run."""
    return [*FLAGS, *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else [])]


def why_not() -> str:
    """Why pages cannot be looked at here; empty where they can."""
    missing = [name for name in ("playwright", "axe_playwright_python") if importlib.util.find_spec(name) is None]
    if missing:
        return f"{' and '.join(missing)} not installed: pip install '.[browser]'"
    return "" if browser_path() else f"no browser on the PATH: install one of {', '.join(NAMES)}"


def axe_script() -> str:
    """The accessibility checks of axe-core."""
    found = importlib.util.find_spec("axe_playwright_python")
    assert found is not None
    assert found.submodule_search_locations is not None
    return (Path(found.submodule_search_locations[0]) / "axe.min.js").read_text(encoding="utf-8")


@dataclass
class Seen:
    """One page that is open: its handle, what it complained of, and what it asked of the network."""

    page: Any
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


def opened(browser: Any, path: Path, *, width: int = 1440) -> Seen:
    """Open a file in a window of its own."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme="light")
    seen = Seen(context.new_page())
    seen.page.on("console", lambda message: seen.complaints.append(message.text) if message.type != "log" else None)
    seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    seen.page.on("request", lambda request: _note(seen, request.url))
    seen.page.goto(path.as_uri())
    return seen


def unfolded(page: Any) -> None:
    """Open all that is folded."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")


def _note(seen: Seen, url: str) -> None:
    if not url.startswith(("file:", "data:", "blob:")):
        seen.asked.append(url)
