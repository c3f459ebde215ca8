"""Export: a trained model to the folders that were asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from injerto.artifact.artifact import Artifact
from injerto.errors import ExportError
from injerto.export.hub import export_hub
from injerto.export.onnx import export_onnx
from injerto.export.parity import Parity
from injerto.export.place import require_free
from injerto.export.promised import Asked
from injerto.progress import Progress
from injerto.table.table import Table


@dataclass(frozen=True)
class Exported:
    """What was written."""

    onnx: Path | None = None
    hf: Path | None = None
    parity: Parity | None = None
    """How near the answers of the ONNX folder are to the model's; None where none was asked for."""


def export(
    artifact: Artifact,
    *,
    onnx: Path | None = None,
    hf: Path | None = None,
    check: Table | None = None,
    asked: Asked | None = None,
    licence: str | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> Exported:
    """Write the model to `onnx`, with the promises that are `asked`, to `hf`, or to both.

    *Raises* ExportError when neither is given, the model cannot be exported or answers otherwise there; PromiseError when
    something cannot be promised; OutputError when something stands at a place, or it cannot be written.
    """
    if onnx is None and hf is None:
        raise ExportError("There is nothing to export to. Give --onnx DIR, --hf DIR, or both (in Python onnx= and hf=).")
    if onnx is not None and check is None:
        raise ExportError(
            "--onnx needs rows to compare the exported answers on: give --check TABLE (in Python check=), such as the table "
            f"it was trained on{_named(artifact)} or any other with its columns. Labels are not needed."
        )
    if asked is not None and onnx is None:
        raise ExportError("--max-error and --coverage are of --onnx alone: the model that --hf writes is asked for them later.")
    places = [place for place in (onnx, hf) if place is not None]
    if len({place.resolve() for place in places}) < len(places):
        raise ExportError(f"--onnx and --hf both go to '{onnx}'. Give each a folder of its own.")
    for place in places:
        require_free(place, force=force)
    found = None
    if onnx is not None and check is not None:
        found = export_onnx(artifact, onnx, check, asked=asked, force=force, progress=progress)
    if hf is not None:
        export_hub(artifact, hf, check, licence=licence, force=force, progress=progress)
    return Exported(onnx, hf, found)


def _named(artifact: Artifact) -> str:
    name = artifact.facts.get("table")
    return f" ('{name}')" if name else ""
