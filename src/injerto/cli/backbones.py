"""`injerto backbones`: the pretrained networks, and how to get one onto this machine."""

from __future__ import annotations

from typing import Annotated, Any

import typer

import injerto
from injerto.cli.console import grid, print_json, say
from injerto.cli.options import JsonOption
from injerto.cli.watcher import watcher

app = typer.Typer()


@app.callback(invoke_without_command=True)
def backbones(context: typer.Context, json: JsonOption = False) -> None:
    """List the pretrained networks: size, licence, source, and whether each is on this machine.

    Example: injerto backbones

    Example: injerto backbones get efficientnet_lite0
    """
    if context.invoked_subcommand:
        return
    facts = [_facts(entry) for entry in injerto.CATALOGUE.values()]
    if json:
        print_json(facts)
        return
    rows = [
        [f["name"], f["kind"], f"{f['megabytes']:.0f} MB", f["licence"], f["source"], "yes" if f["ready"] else "no"]
        for f in facts
    ]
    grid("name", "kind", "size", "licence", "source", "here", rows=rows)
    for fact in facts:
        say(f"{fact['name']}: {fact['about']}")


@app.command()
def get(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name that 'injerto backbones' lists.", show_default=False)],
    json: JsonOption = False,
) -> None:
    """Fetch a network once, check it, and keep it where it is found again without a network connection.

    Example: injerto backbones get efficientnet_lite0
    """
    place = injerto.get_backbone(name, progress=watcher())
    if json:
        print_json({"name": name, "file": str(place)})
    else:
        say(f"{name} is on this machine: {place}")


def _facts(entry: injerto.Entry) -> dict[str, Any]:
    place = injerto.find_backbone(entry.name)
    return {
        "name": entry.name,
        "kind": entry.kind,
        "megabytes": entry.megabytes,
        "width": entry.width,
        "licence": entry.licence,
        "about": entry.about,
        "source": str(entry.source),
        "file": str(place) if place else None,
        "ready": injerto.backbone_ready(entry.name),
    }
