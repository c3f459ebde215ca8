"""Where models are asked: a request's body is read within limits, waits in its lane, and gets its answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from injerto.errors import did_you_mean
from injerto.explain.among import Among
from injerto.web.asked import JSON, recordings_in, rows_in
from injerto.web.bodies import Bodies
from injerto.web.explaining import Explaining
from injerto.web.identifying import Identifying
from injerto.web.lane import Lane, Work
from injerto.web.limits import Limits
from injerto.web.listening import Listening, rule_for
from injerto.web.options import ASKED_OF, Options
from injerto.web.predicting import Predicting
from injerto.web.problems import Problem
from injerto.web.rows import Row, require_fields
from injerto.web.served import Served, Verb
from injerto.web.warm import warm

Found = TypeVar("Found")
LARGE = 100_000
"""Bytes of a body that is read on a thread of its own, so that other requests go on meanwhile."""


class Desk:
    """All models, and three lanes to them: what takes moments waits behind no explanation and no hour of sound."""

    def __init__(self, shelf: Mapping[str, Served], limits: Limits, among: Mapping[str, Among]) -> None:
        self.shelf, self.limits, self.among = shelf, limits, among
        self.bodies = Bodies(limits)
        self.lanes = {name: Lane(name, limits) for name in ("answers", "explaining", "listening")}

    async def open(self) -> None:
        """Begin to work, with a look at nothing by every model: the first request need not wait for what is done once."""
        for lane in self.lanes.values():
            lane.start()
        answers = self.lanes["answers"]
        first = [answers.ask(object(), lambda asked: [warm(one) for one in asked], served, 0) for served in self.shelf.values()]
        self.first = asyncio.gather(*first, return_exceptions=True)

    async def close(self) -> None:
        """Finish what is in line."""
        for lane in self.lanes.values():
            await lane.stop()

    async def predict(self, request: Request) -> Response:
        """Answers for rows."""
        served, options = self.asked(request, "predict")
        async with self.bodies.of(request) as body:
            rows = await self._rows(request, body, served)
            key = ("predict", served.name, options, _spare(rows, served))
            return await self._answer("answers", key, Predicting(served, options, self.limits), rows)

    async def identify(self, request: Request) -> Response:
        """Who is on photos."""
        served, options = self.asked(request, "identify")
        async with self.bodies.of(request) as body:
            rows = await self._rows(request, body, served)
            # What a recipe does first is worked out photo by photo: there is no pass to share.
            key = object() if served.recipe is not None else ("identify", served.name, options, _spare(rows, served))
            return await self._answer("answers", key, Identifying(served, options, self.limits), rows)

    async def explain(self, request: Request) -> Response:
        """Why one row is answered as it is."""
        served, options = self.asked(request, "explain")
        async with self.bodies.of(request) as body:
            rows = await self._rows(request, body, served)
            if len(rows) > 1:
                raise Problem(422, f"The request has {len(rows):,} rows; one is explained at a time.")
            explaining = Explaining(served, options, self.limits, self.among.get(served.name))
            return await self._answer("explaining", object(), explaining, rows)

    async def listen(self, request: Request) -> Response:
        """Events in recordings."""
        served, options = self.asked(request, "listen")
        rule = rule_for(served, options)
        async with self.bodies.of(request) as body:
            sent = await read(body, lambda: recordings_in(request.headers.get("content-type", ""), body, self.limits))
            return await self._answer("listening", object(), Listening(served, rule, self.limits), sent)

    def served(self, request: Request) -> Served:
        """The model that an address names, or the only one. *Raises* Problem (404)."""
        name = request.path_params.get("name")
        if name is None:
            if len(self.shelf) > 1:
                raise Problem(404, f"Several models are served; ask one of them at /models/NAME: {', '.join(self.shelf)}.")
            return next(iter(self.shelf.values()))
        if name not in self.shelf:
            raise Problem(404, f"There is no model '{name[:80]}'.{did_you_mean(name, self.shelf)} See /models.")
        return self.shelf[name]

    def asked(self, request: Request, verb: Verb) -> tuple[Served, Options]:
        """The model and what is asked of it. *Raises* Problem: 404 for a model that cannot do it, 400 for wrong options."""
        served = self.served(request)
        if verb not in served.verbs:
            raise Problem(404, f"The model '{served.name}' cannot {verb}. It can: {', '.join(served.verbs)}.")
        return served, Options.of(request.query_params, ASKED_OF[verb])

    async def _rows(self, request: Request, body: bytes, served: Served) -> list[Row]:
        kind = request.headers.get("content-type", "")
        rows = await read(body, lambda: rows_in(kind, body, served.fields, self.limits))
        require_fields(rows, served.fields)
        return rows

    async def _answer(self, lane: str, key: Any, work: Work, asked: Sequence[Any]) -> Response:
        found = await self.lanes[lane].ask(key, work, asked, len(asked))
        if isinstance(found, Problem):
            raise found
        return Response(found, media_type=JSON)


def _spare(rows: Sequence[Row], served: Served) -> frozenset[str]:
    """The columns that need not be there and are. Where they are there and empty they say something else."""
    return frozenset(field.name for field in served.fields if not field.needed and any(field.name in row for row in rows))


async def read(body: bytes, work: Callable[[], Found]) -> Found:
    """`work()`, on another thread where the body is large."""
    return await asyncio.to_thread(work) if len(body) > LARGE else work()
