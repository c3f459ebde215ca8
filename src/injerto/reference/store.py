"""The reference in a model folder: JSON and safetensors, beside the model. A model that was trained before has none."""

from __future__ import annotations

import json
import stat
from pathlib import Path

from safetensors.torch import load_file, save_file

from injerto.foreign import read_json
from injerto.reference.reference import Reference, kinds_of
from injerto.schema.schema import Schema

STATE, TENSORS = "reference.json", "reference.safetensors"
FILES = (STATE, TENSORS)


def write(reference: Reference, folder: Path) -> None:
    """Write both files."""
    (folder / STATE).write_text(json.dumps(reference.state(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    # Answers to several targets share their rows' units, which safetensors will not write twice as one.
    save_file({name: values.clone() for name, values in reference.tensors().items()}, folder / TENSORS)
    # safetensors makes its file private; the others follow the umask
    (folder / TENSORS).chmod(stat.S_IMODE((folder / STATE).stat().st_mode))


def read(folder: Path, schema: Schema) -> Reference | None:
    """The reference of the model in `folder`; None where it has none."""
    if not (folder / STATE).exists():
        return None
    return Reference.restore(read_json(folder / STATE), load_file(folder / TENSORS), kinds_of(schema.inputs))
