"""`injerto serve`: a model, or a folder of them, for browsers and programs."""

from __future__ import annotations

import os
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import injerto
from injerto.cli.console import say
from injerto.cli.options import PageLanguageOption
from injerto.cli.watcher import watcher

if TYPE_CHECKING:  # it brings torch along, and a verb's --help has no use for it
    from injerto.web.running import Running


def serve(
    models: Annotated[
        Path,
        typer.Argument(
            metavar="MODEL", help="A model folder that 'injerto train' wrote, or a folder of them.", show_default=False
        ),
    ],
    host: Annotated[
        str,
        typer.Option("--host", metavar="HOST", help="Where to listen. Beyond this machine, 0.0.0.0, a token is asked for."),
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The port; 0 takes any that is free.")] = 8000,
    token: Annotated[
        str | None,
        typer.Option(
            "--token",
            envvar="INJERTO_TOKEN",
            metavar="TOKEN",
            help="What every request must know; better set in the environment, where no other user sees it. Without it, one is "
            "made up and printed where others can reach the server.",
            show_default=False,
        ),
    ] = None,
    name: Annotated[
        list[str] | None,
        typer.Option(
            "--name",
            metavar="HOST",
            help="A name by which the server is called, besides localhost. May be repeated.",
            show_default=False,
        ),
    ] = None,
    corrections: Annotated[
        Path | None,
        typer.Option(
            "--corrections",
            metavar="FOLDER",
            help="Collect what people correct on the page here, as tables to train on.",
            show_default=False,
        ),
    ] = None,
    among: Annotated[
        Path | None,
        typer.Option(
            "--among",
            metavar="TABLE",
            help="The training table, or another with labels: 'Why this answer?' shows the rows of it that are most like the "
            "one that is asked about, with their labels, photos and sounds. Its files are looked at before it is ready.",
            show_default=False,
        ),
    ] = None,
    max_mb: Annotated[float, typer.Option("--max-mb", min=0.001, help="The largest request, in megabytes.")] = 32.0,
    max_megapixels: Annotated[float, typer.Option("--max-megapixels", min=0.001, help="The largest photo.")] = 50.0,
    max_seconds: Annotated[float, typer.Option("--max-seconds", min=0.1, help="The longest sound.")] = 3600.0,
    timeout: Annotated[float, typer.Option("--timeout", min=0.1, help="Seconds after which a request is given up.")] = 60.0,
    queue: Annotated[int, typer.Option("--queue", min=1, help="Requests that may wait; more are told to come again.")] = 256,
    lang: PageLanguageOption = None,
    browse: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
) -> None:
    """Answer over HTTP: a page for people, and JSON for programs, described at /openapi.json.

    On the page a person drops photos, records or drops sounds, fills in a form, sees the answers and corrects them. It needs no
    network, and nothing leaves the machine. Programs send rows to /predict, photos of individuals to /identify and recordings
    to /listen; of a folder of models, to /models/NAME/predict. Rows bring their files along: no path is ever opened.

    Ctrl+C stops it when the requests under way are answered.

    Example: injerto serve birds.model --corrections corrected

    Example: injerto serve birds.model --among birds.csv

    Example: injerto serve models --host 0.0.0.0 --port 8080
    """
    limits = injerto.ServeLimits(
        body_bytes=round(max_mb * 1e6),
        pixels=round(max_megapixels * 1e6),
        sound_seconds=max_seconds,
        request_seconds=timeout,
        queue=queue,
    )

    # Rows come a few at a time: to wake a second thread for them takes longer than the work. Read when polars is loaded.
    os.environ.setdefault("POLARS_MAX_THREADS", "1")

    def ready(running: Running) -> None:
        say(f"Serving {', '.join(running.models)} at {running.page}  (Ctrl+C stops it)")
        if browse:
            webbrowser.open(running.page)

    injerto.serve(
        models,
        host=host,
        port=port,
        token=token or None,
        names=name or (),
        corrections=corrections,
        among=among,
        limits=limits,
        language=lang,
        ready=ready,
        progress=None if among is None else watcher(),
    )
