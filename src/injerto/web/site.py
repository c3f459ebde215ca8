"""The addresses of the server as one application."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from injerto.errors import InjertoError
from injerto.explain.among import Among
from injerto.report.language import LanguageCode
from injerto.version import __version__
from injerto.web import meters
from injerto.web.assets import ASSETS, asset
from injerto.web.correcting import Correcting
from injerto.web.desk import Desk
from injerto.web.gate import Gate
from injerto.web.guard import Guard
from injerto.web.limits import Limits
from injerto.web.openapi import description
from injerto.web.problems import Problem, told
from injerto.web.served import Served
from injerto.web.words import PATH as WORDS
from injerto.web.words import words_response


def site(
    shelf: Mapping[str, Served],
    limits: Limits,
    guard: Guard,
    corrections: Path | None = None,
    language: LanguageCode | None = None,
    among: Mapping[str, Among] | None = None,
) -> Starlette:
    """The application for the models of `shelf`; `corrections` is the folder in which what people correct is kept.

    Its page is in `language`, None for the browser's. Rows like one are shown by the models that `among` has a table for.

    FastAPI was tried and left: which columns a body has follows from each model, so that it could neither check nor describe
    them, and it took more of every request than Starlette alone, on which it stands.
    """
    desk, counts = Desk(shelf, limits, among or {}), meters.Meters()
    correcting = Correcting(desk, corrections)
    plain = _Plain(desk, counts, collects=corrections is not None, language=language)
    posts = {
        "predict": desk.predict,
        "identify": desk.identify,
        "explain": desk.explain,
        "listen": desk.listen,
        "corrections": correcting.corrections,
    }
    gets = {
        "/health": plain.health,
        "/metrics": plain.metrics,
        "/models": plain.models,
        "/models/{name}": plain.model,
        "/openapi.json": plain.openapi,
        WORDS: plain.words,
        **dict.fromkeys(ASSETS, plain.page),
    }
    return Starlette(
        routes=[
            *(Route(f"/{verb}", call, methods=["POST"]) for verb, call in posts.items()),
            *(Route(f"/models/{{name}}/{verb}", call, methods=["POST"]) for verb, call in posts.items()),
            *(Route(path, call, methods=["GET"]) for path, call in gets.items()),
        ],
        middleware=[Middleware(Gate, guard=guard, meters=counts)],
        exception_handlers=dict.fromkeys((Problem, InjertoError, HTTPException, Exception), told),
        lifespan=plain.lifespan,
    )


class _Plain:
    """What is asked about the server and its models, not of them."""

    def __init__(self, desk: Desk, counts: meters.Meters, *, collects: bool, language: LanguageCode | None) -> None:
        self.desk, self.counts, self.collects, self.language = desk, counts, collects, language
        self.described: dict[str, Any] | None = None

    @asynccontextmanager
    async def lifespan(self, app: Starlette) -> AsyncIterator[None]:
        """Work begins before the first request and ends after the last."""
        # What is loaded by now stays. To look through it for rubbish would halt all requests for a tenth of a second.
        gc.collect()
        gc.freeze()
        await self.desk.open()
        yield
        await self.desk.close()
        gc.unfreeze()

    async def health(self, request: Request) -> Response:
        """Whether the server answers."""
        return JSONResponse({"status": "ok", "version": __version__})

    async def metrics(self, request: Request) -> Response:
        """Counts for Prometheus."""
        text = self.counts.text(self.desk.lanes, self.desk.bodies.held)
        return Response(text, headers={"content-type": meters.MEDIA_TYPE})

    async def models(self, request: Request) -> Response:
        """All models by name."""
        models = [{"name": name, "verbs": served.verbs} for name, served in self.desk.shelf.items()]
        return JSONResponse({"models": models, "corrections": self.collects})

    async def model(self, request: Request) -> Response:
        """What one model reads and answers."""
        return JSONResponse(self.desk.served(request).told())

    async def openapi(self, request: Request) -> Response:
        """The description of all of this for programs."""
        if self.described is None:
            self.described = description(self.desk.shelf, collects=self.collects)
        return JSONResponse(self.described)

    async def words(self, request: Request) -> Response:
        """What the page says in other languages."""
        return words_response(self.language)

    async def page(self, request: Request) -> Response:
        """The page for people, and what it loads."""
        return asset(ASSETS[request.url.path])
