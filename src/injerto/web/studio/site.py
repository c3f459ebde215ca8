"""The addresses of the studio as one application."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from injerto.errors import InjertoError
from injerto.report.language import LanguageCode
from injerto.web.guard import Guard
from injerto.web.problems import Problem, told
from injerto.web.studio.assets import ASSETS, asset
from injerto.web.studio.checks import Checks
from injerto.web.studio.gate import StudioGate
from injerto.web.studio.sources import Sources
from injerto.web.studio.spoken import json_of
from injerto.web.studio.training import SHOWN
from injerto.web.studio.trainings import Trainings
from injerto.web.studio.uploads import Sizes
from injerto.web.studio.using import Using
from injerto.web.words import PATH as WORDS
from injerto.web.words import words_response

REPORTS = "/reports/"


def studio_site(
    work: Path, guard: Guard, *, folder: Path | None, sizes: Sizes, temporary: bool, language: LanguageCode | None = None
) -> Starlette:
    """The application that works in `work`, and offers the tables below `folder`; in `language`, None for the browser's."""
    key = secrets.token_urlsafe(24)
    desk = _Desk(work, Sources(work / "uploads", folder, sizes), key, temporary=temporary, language=language)
    routes = [
        ("GET", "/studio", desk.about),
        ("POST", "/uploads", desk.upload),
        ("PUT", "/uploads/{upload}/file", desk.file),
        ("POST", "/uploads/{upload}/table", desk.table),
        ("POST", "/checks", desk.check),
        ("GET", "/checks/{number:int}", desk.checked),
        ("POST", "/trainings", desk.train),
        ("GET", "/trainings", desk.trainings),
        ("GET", "/trainings/{name}", desk.training),
        ("POST", "/trainings/{name}/stop", desk.stop),
        ("POST", "/trainings/{name}/start", desk.start),
        ("POST", "/trainings/{name}/use", desk.use),
        ("GET", f"{REPORTS}{key}/{{name}}/{{file}}", desk.report),
        ("GET", WORDS, desk.words),
        *(("GET", path, desk.page) for path in ASSETS),
    ]
    return Starlette(
        routes=[Route(path, call, methods=[method]) for method, path, call in routes],
        middleware=[Middleware(StudioGate, guard=guard, reports=f"{REPORTS}{key}/")],
        exception_handlers=dict.fromkeys((Problem, InjertoError, HTTPException, Exception), told),
        lifespan=desk.lifespan,
    )


class _Desk:
    """What each address does. Commands of Injerto do the work; nothing here reads a photo or trains."""

    def __init__(self, work: Path, sources: Sources, key: str, *, temporary: bool, language: LanguageCode | None) -> None:
        self.work, self.sources, self.key, self.temporary, self.language = work, sources, key, temporary, language
        self.checks, self.all, self.using = Checks(), Trainings(work), Using(work, language)

    @asynccontextmanager
    async def lifespan(self, app: Starlette) -> AsyncIterator[None]:
        """When the studio ends, so do its commands."""
        yield
        self.checks.close()
        self.using.close()
        self.all.close()

    async def about(self, request: Request) -> Response:
        """The work folder, and the tables that may be picked."""
        offered = await asyncio.to_thread(self.sources.told)
        return JSONResponse({"work": str(self.work), "temporary": self.temporary, **offered})

    async def upload(self, request: Request) -> Response:
        """A new upload."""
        return JSONResponse({"upload": self.sources.uploads.begin()}, 201)

    async def file(self, request: Request) -> Response:
        """One file of an upload: the body is its content."""
        path = request.query_params.get("path", "")
        length = await self.sources.uploads.take(request.path_params["upload"], path, request)
        return JSONResponse({"path": path, "bytes": length}, 201)

    async def table(self, request: Request) -> Response:
        """Which file of an upload is the table."""
        data = await json_of(request)
        found = await asyncio.to_thread(self.sources.settled, request.path_params["upload"], data.get("table"))
        return JSONResponse(found)

    async def check(self, request: Request) -> Response:
        """Look at a table."""
        data = await json_of(request)
        table, asked = self.sources.table(data), self.sources.asked(data)
        model, quick = self.all.models / str(data.get("name", "new.model")), data.get("quick", True) is not False
        return JSONResponse({"check": self.checks.begin(table, asked, model, quick=quick)}, 202)

    async def checked(self, request: Request) -> Response:
        """What a look found."""
        return JSONResponse(self.checks.told(request.path_params["number"]))

    async def train(self, request: Request) -> Response:
        """Train."""
        data = await json_of(request)
        table, asked, name = self.sources.table(data), self.sources.asked(data), str(data.get("name", ""))
        words = asked.train(table, self.all.place_for(name))
        return JSONResponse(self.all.add(name, table.name, words).told(), 202)

    async def trainings(self, request: Request) -> Response:
        """A line of each training."""
        return JSONResponse({"trainings": [one.brief() for one in self.all.known.values()]})

    async def training(self, request: Request) -> Response:
        """All about one."""
        name = request.path_params["name"]
        one = self.all.of(name).told()
        return JSONResponse(one | {"files": {file: f"{REPORTS}{self.key}/{name}/{file}" for file in one["files"]}})

    async def stop(self, request: Request) -> Response:
        """Stop one."""
        return JSONResponse(self.all.stop(request.path_params["name"]).brief())

    async def start(self, request: Request) -> Response:
        """Let one go on."""
        return JSONResponse(self.all.again(request.path_params["name"]).brief())

    async def use(self, request: Request) -> Response:
        """Serve a model."""
        training = self.all.of(request.path_params["name"])
        if training.state != "done":
            raise Problem(409, f"The model '{training.name}' is not there yet: its training is {training.state}.")
        return JSONResponse({"page": await self.using.page(training.name, training.model, training.source)})

    async def report(self, request: Request) -> Response:
        """A file of a model that people look at."""
        training, file = self.all.of(request.path_params["name"]), request.path_params["file"]
        if file not in SHOWN or not (training.model / file).is_file():
            raise Problem(404, f"The model '{training.name}' has no '{file[:80]}'.")
        kind = "text/html; charset=utf-8" if file.endswith(".html") else "text/csv; charset=utf-8"
        name = None if file.endswith(".html") else f"{training.name} {file}"
        return FileResponse(training.model / file, media_type=kind, filename=name)

    async def words(self, request: Request) -> Response:
        """What the page says in other languages."""
        return words_response(self.language)

    async def page(self, request: Request) -> Response:
        """The page, and what it loads."""
        return asset(request.url.path)
