"""A model as a folder of ONNX: the graph, a script that asks it, and a page that says what goes in and what comes out."""

from __future__ import annotations

import shutil
from pathlib import Path

from injerto.artifact.artifact import Artifact
from injerto.export.graphs import graph_of
from injerto.export.match import gallery_file, match_graph
from injerto.export.packages import onnx_packages
from injerto.export.parity import Parity, parity
from injerto.export.place import require_free, settled
from injerto.export.promised import Asked
from injerto.export.readme import readme
from injerto.export.sample import sample_of
from injerto.export.script import script
from injerto.individual_network import IndividualNetwork
from injerto.learner import heads_of
from injerto.progress import Progress, Silent
from injerto.table.table import Table


def export_onnx(
    artifact: Artifact,
    folder: Path,
    check: Table,
    *,
    asked: Asked | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> Parity:
    """Write the folder, if what is in it answers the rows of `check` as the model does, with the promises that are `asked`.

    *Raises* ExportError when packages lack, the model cannot be exported, or an answer differs; ColumnError when `check` lacks
    a column; PromiseError when something cannot be promised; OutputError when something stands at `folder`, or it cannot be
    written.
    """
    require_free(folder, force=force)
    onnx_packages()
    asked, progress, network = asked or Asked(), progress or Silent(), artifact.network
    promises = asked.of(heads_of(network))
    sample = sample_of(artifact, check, asked, progress=progress)
    progress.say("Writing the graph, which takes half a minute.")
    graph = graph_of(network, promises)
    with settled(folder) as fresh:
        (fresh / "model.onnx").write_bytes(graph.content)
        if isinstance(network, IndividualNetwork):
            (fresh / "match.onnx").write_bytes(match_graph(network.head))
            (fresh / "gallery.npz").write_bytes(gallery_file(network.head.gallery))
        (fresh / "predict.py").write_text(script(graph.facts), encoding="utf-8")
        found = parity(artifact, sample, promises, fresh, graph.facts)
        shutil.rmtree(fresh / "check")
        (fresh / "README.md").write_text(readme(artifact, graph, found, promises.notes), encoding="utf-8")
    return found
