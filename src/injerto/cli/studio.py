"""`injerto studio`: train in a browser."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import injerto
from injerto.cli.console import say
from injerto.cli.options import PageLanguageOption

if TYPE_CHECKING:  # a verb's --help has no use for the server
    from injerto.web.running import Running


def studio(
    folder: Annotated[
        Path | None,
        typer.Option(
            "--folder", metavar="FOLDER", help="Offer the tables below this folder, with their photos and sounds, in place."
        ),
    ] = None,
    work: Annotated[
        Path | None,
        typer.Option(
            "--work",
            metavar="FOLDER",
            help="Where uploads and models go. Without it, a temporary folder, which the page names.",
            show_default=False,
        ),
    ] = None,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The port; 0 takes any that is free.")] = 8010,
    max_mb: Annotated[
        float, typer.Option("--max-mb", min=0.001, help="The largest file that is uploaded, in megabytes.")
    ] = 4096.0,
    lang: PageLanguageOption = None,
    browse: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in a browser.")] = True,
) -> None:
    """Train without a command line: a page to drop a table and photos on, to see what is wrong, and to watch training.

    Only this machine reaches the page, and only with the address that is printed. It needs no network, and nothing leaves the
    machine. Ctrl+C stops it, and a training under way with it; in the same --work folder that goes on another time.

    Example: injerto studio

    Example: injerto studio --folder season2024 --work trained
    """

    def ready(running: Running) -> None:
        say(f"The studio is at {running.page}  (Ctrl+C stops it)")
        if browse:
            webbrowser.open(running.page)

    injerto.studio(
        folder=folder, work=work, port=port, sizes=injerto.StudioSizes.of_megabytes(max_mb), language=lang, ready=ready
    )
