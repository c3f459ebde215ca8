"""The card of a model on a hub: facts for machines at the top, then how to use it, then what the model's own card says.

*Source*: the fields of Hugging Face's model cards, huggingface.co/docs/hub/model-cards; Mitchell et al. 2019, Model Cards for
Model Reporting.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator

from injerto.artifact.artifact import Artifact
from injerto.artifact.card import card
from injerto.metrics.meanings import MEANINGS

_TASKS = {
    "keypoints": "keypoint-detection",
    "individual": "image-feature-extraction",
    "image": "image-classification",
    "sound": "audio-classification",
    "number": "tabular-regression",
    "class": "tabular-classification",
    "classes": "tabular-classification",
}
"""What a hub calls it: by the kind of the first target or, of classes, by the files they are read from."""


def hub_card(artifact: Artifact, name: str, licence: str | None) -> str:
    """As Markdown with YAML at its top."""
    return f"---\n{_facts(artifact, name, licence)}---\n\n{_use(artifact, name, licence)}\n{_own(artifact)}"


def config(artifact: Artifact) -> str:
    """A small file by which a hub counts downloads and says what a model reads and answers."""
    schema = artifact.schema
    facts = {
        "library_name": "injerto",
        "model_type": "injerto",
        "inputs": {name: item.kind for name, item in schema.inputs.items()},
        "targets": {name: target.kind for name, target in schema.targets.items()},
    }
    return json.dumps(facts, indent=1, ensure_ascii=False) + "\n"


def task_of(artifact: Artifact) -> str:
    """What the model does, as a hub calls it."""
    schema = artifact.schema
    kind = next(iter(schema.targets.values())).kind
    files = [item.kind for item in schema.inputs.values() if item.kind in ("image", "sound")]
    return _TASKS[files[0] if files and kind in ("class", "classes") else kind]


def _facts(artifact: Artifact, name: str, licence: str | None) -> str:
    kinds = sorted({item.kind for item in artifact.schema.inputs.values()})
    lines = ["library_name: injerto"]
    lines += [f"license: {json.dumps(licence)}"] if licence else []
    lines += [f"pipeline_tag: {task_of(artifact)}", "tags:", "- injerto", *(f"- {kind}" for kind in kinds)]
    metrics = list(_metrics(artifact))
    if metrics:
        lines += ["model-index:", f"- name: {json.dumps(name, ensure_ascii=False)}", "  results:"]
        table = json.dumps(str(artifact.facts.get("table", "")) or "table", ensure_ascii=False)
        lines += [f"  - task:\n      type: {task_of(artifact)}", f"    dataset:\n      type: table\n      name: {table}"]
        lines += ["    metrics:", *metrics]
    return "\n".join(lines) + "\n"


def _metrics(artifact: Artifact) -> Iterator[str]:
    """The figures on rows kept apart, those that are numbers."""
    for target, score in artifact.scores.get("test", {}).items():
        for figure, value in score.items():
            if isinstance(value, float) and math.isfinite(value) and figure in MEANINGS:
                title = json.dumps(f"{target}: {MEANINGS[figure].title}", ensure_ascii=False)
                yield f"    - type: {figure}\n      value: {value:.6g}\n      name: {title}"


def _use(artifact: Artifact, name: str, licence: str | None) -> str:
    chosen = (
        "" if licence else "\nNo licence was chosen for this model: add a line `license:` at the top before you publish it.\n"
    )
    return f"""# {name}

A model of Injerto. Nothing in this folder is executed when it is opened.
{chosen}
```
hf download USER/{name} --local-dir {name}
injerto predict {name} TABLE.csv --out answers.csv
```

Left out of it, and kept by whoever trained it: examples of rows, photos and sounds, the list of files that could not be used,
and what new rows are held against (`injerto drift`, `predict --unlike`). It does hold the names of levels and classes, the
ranges of columns{_gallery(artifact)}.
"""


def _gallery(artifact: Artifact) -> str:
    if artifact.gallery is None:
        return ""
    return f", and the names of the {len(artifact.gallery.individuals):,} individuals of its gallery, without pictures of them"


def _own(artifact: Artifact) -> str:
    """The model's own card, under another heading."""
    return card(artifact).replace("# Model card\n", "## What it was trained for\n", 1)
