"""A model as a folder: TOML and JSON, safetensors, Parquet, Markdown. Nothing in it is executed, ever."""

from __future__ import annotations

import json
import secrets
import shutil
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from injerto.artifact import held_out
from injerto.artifact.artifact import Artifact
from injerto.artifact.card import card
from injerto.artifact.ledger_table import read_ledger, write_ledger
from injerto.artifact.place import MARK, aside_of, is_model, require_place, settle
from injerto.artifact.seal import LINEAR, require_seal, seal_of
from injerto.artifact.suspects import suspects_table
from injerto.artifact.touches import append, read
from injerto.backbones.networks import build
from injerto.backbones.suited import backbone_names
from injerto.errors import ArtifactError, InjertoError, OutputError, did_you_mean
from injerto.features.declared import features_of
from injerto.foreign import TOML_BYTES, read_json, read_parquet, read_text, require_plain
from injerto.gallery import store
from injerto.heads import HEADS
from injerto.heads.hearing import Hearing
from injerto.individual_network import restored as restored_individuals
from injerto.learner import Learner, heads_of
from injerto.learning.history import History
from injerto.network import Network
from injerto.places.address import Address, place_of
from injerto.point_network import restored as restored_points
from injerto.reference import store as reference_store
from injerto.rivals.linear import Linear
from injerto.schema.schema import Schema
from injerto.table.split import Rows

FORMAT = 6
"""Raised whenever a folder written now could not be read by the versions before, or would answer otherwise."""

HEARD, NOISE = "familiarity.heard", "familiarity.noise"
"""Tensors whose length the training table decides."""

CONTENT = "content"
"""The column of `splits.parquet` by which rows are known again."""


def save(artifact: Artifact, folder: Path, *, report: str = "", force: bool = False) -> None:
    """Write the folder beside its place and move it there in one step: it is whole or it is not there.

    `report` is the page beside the card. A model that stands there is replaced with `force` only.

    *Raises* OutputError when something else stands there, or it cannot be written.
    """
    require_place(folder, force=force)
    place = folder.resolve()
    fresh = place.with_name(f".{place.name}-{secrets.token_hex(4)}")
    try:
        fresh.mkdir(parents=True)
        _write(artifact, fresh, report)
        settle(fresh, place)
        artifact.home = place
    except (OSError, SafetensorError, pl.exceptions.PolarsError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or error
        raise OutputError(f"The model cannot be written to '{folder}': {reason}. What stood there before is kept.") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _write(artifact: Artifact, folder: Path, report: str) -> None:
    network = artifact.network
    artifact.schema.write(folder / "schema.toml")
    _write_json(folder / "features.json", {feature.key: feature.state() for feature in network.features})
    _write_json(folder / "heads.json", {name: head.state() for name, head in heads_of(network).items()})
    _write_json(folder / "hearing.json", None if network.hearing is None else network.hearing.state())
    _write_json(folder / "history.json", [history.to_json() for history in artifact.histories])
    _write_json(folder / "scores.json", artifact.scores)
    _write_json(folder / "evidence.json", artifact.evidence)
    save_file(_own_tensors(network), folder / "weights.safetensors")
    # safetensors makes its file private; the others follow the umask
    (folder / "weights.safetensors").chmod(stat.S_IMODE((folder / "schema.toml").stat().st_mode))
    held_out.write(network, folder)
    _splits(artifact).write_parquet(folder / "splits.parquet")
    write_ledger(artifact, folder / "ledger.csv")
    suspects = suspects_table(artifact.evidence)
    if len(suspects):
        suspects.write_csv(folder / "suspects.csv")
    if artifact.linear is not None:
        save_file({key: value.detach().contiguous() for key, value in artifact.linear.state_dict().items()}, folder / LINEAR)
        (folder / LINEAR).chmod(stat.S_IMODE((folder / "schema.toml").stat().st_mode))
    if artifact.looks:
        append(folder, artifact.looks)
    if artifact.gallery is not None:
        store.write(artifact.gallery, folder)
    if artifact.reference is not None:
        reference_store.write(artifact.reference, folder)
    (folder / "card.md").write_text(card(artifact), encoding="utf-8")
    if report:
        (folder / "report.html").write_text(report, encoding="utf-8")
    head = {"format": FORMAT, "chosen": artifact.chosen, **artifact.facts, "sha256": seal_of(folder)}
    _write_json(folder / MARK, head)


def load(folder: Path) -> Artifact:
    """Read a folder that `save` wrote. *Raises* ArtifactError when it is missing, damaged, or of another format."""
    if not is_model(folder):
        raise ArtifactError(f"'{folder}' is not a model of Injerto: it {_instead(folder)}")
    require_plain(folder)
    facts = read_json(folder / MARK)
    if not isinstance(facts, dict):
        raise ArtifactError(f"{folder / MARK} is damaged: it holds no facts about a model. Copy the whole folder again.")
    found = facts.pop("format", None)
    if found != FORMAT:
        raise ArtifactError(
            f"'{folder}' has format {found!r}; this version of Injerto reads format {FORMAT}. "
            + ("Install a newer version." if isinstance(found, int) and found > FORMAT else "Train it again.")
        )
    seal = facts.pop("sha256", None)
    require_seal(folder, seal)
    try:
        artifact = _read(folder, facts)
        artifact.home, artifact.looks = folder.resolve(), read(folder)
        gallery = store.read(folder)
        artifact.gallery = None if gallery is None else replace(gallery, stored=seal[store.PHOTOS])
        return artifact
    except ArtifactError:
        raise
    except (
        InjertoError,
        OSError,
        ArithmeticError,
        AttributeError,
        LookupError,
        TypeError,
        ValueError,
        RuntimeError,
        SafetensorError,
        pl.exceptions.PolarsError,
    ) as error:
        raise ArtifactError(f"The model in '{folder}' is damaged: {error}. Copy it again or train it again.") from error


def _instead(folder: Path) -> str:
    """What stands at `folder` instead of a model, and what to do."""
    if isinstance(place_of(folder), Address):
        return "is an address. Models are opened on this machine: copy the whole folder here, then give that."
    if folder.is_file():
        return "is a file. Give the folder that `injerto train --out` wrote, then the table."
    if folder.is_dir():
        return f"holds no {MARK}. Give the folder that `injerto train --out` wrote."
    place = folder.resolve()
    if is_model(aside_of(place)):
        return f"was being replaced when that was cut short. It is kept as '{aside_of(place)}': rename it to '{folder}'."
    try:
        models = [entry.name for entry in place.parent.iterdir() if is_model(entry)]
    except OSError:
        models = []
    return f"does not exist.{did_you_mean(place.name, models)} Give the folder that `injerto train --out` wrote."


def _read(folder: Path, facts: dict[str, Any]) -> Artifact:
    schema = Schema.from_toml(read_text(folder / "schema.toml", TOML_BYTES), origin=str(folder / "schema.toml"))
    states, head_states = read_json(folder / "features.json"), read_json(folder / "heads.json")
    network = _network(schema, states, head_states)
    hearing = read_json(folder / "hearing.json")
    if hearing is not None and isinstance(network, Network):
        network.hearing = Hearing.restore(hearing)
    _load_tensors(network, folder / "weights.safetensors")
    held_out.read(network, folder)
    network.eval()
    splits = read_parquet(folder / "splits.parquet")
    artifact = Artifact(
        schema=schema,
        network=network,
        rows=_rows(splits, facts.get("split", "")),
        contents=splits[CONTENT].to_numpy() if CONTENT in splits.columns else None,
        histories=[History.from_json(history) for history in read_json(folder / "history.json")],
        chosen=facts.pop("chosen"),
        scores=read_json(folder / "scores.json"),
        evidence=read_json(folder / "evidence.json"),
        facts=facts,
        reference=reference_store.read(folder, schema),
    )
    read_ledger(artifact, folder / "ledger.csv")
    if (folder / LINEAR).exists() and isinstance(network, Network):
        artifact.linear = Linear(network).eval()
        artifact.linear.load_state_dict(load_file(folder / LINEAR))
    return artifact


def _network(schema: Schema, states: dict[str, Any], head_states: dict[str, Any]) -> Learner:
    """The network of a schema, with what its features and heads learned; its weights are still to come."""
    if schema.points is not None:
        name, target = schema.points
        return restored_points(name, target, schema.inputs[str(target.photo)], states, head_states[name])
    if schema.individual is not None:
        return restored_individuals(schema, states, head_states)
    features = [feature.restore(states[feature.key]) for feature in features_of(schema.inputs)]
    heads = [HEADS[options.kind](name, options).restore(head_states[name]) for name, options in schema.targets.items()]
    return Network(features, heads, {name: build(name) for name in backbone_names(features)})


def _own_tensors(network: Learner) -> dict[str, Tensor]:
    """All tensors under one name each: a backbone shared by columns is written once."""
    seen: set[int] = set()
    own = {}
    for key, value in network.state_dict(keep_vars=True).items():
        if id(value) not in seen:
            seen.add(id(value))
            own[key] = value.detach().contiguous()
    return own


def _load_tensors(network: Learner, path: Path) -> None:
    with safe_open(path, framework="pt") as file:
        names = set(file.keys())
        if isinstance(network, Network) and network.familiarity is not None and HEARD in names and NOISE in names:
            sizes = [file.get_slice(name).get_shape()[0] for name in (HEARD, NOISE)]
            network.familiarity.make_room(*sizes)
        expected = _own_tensors(network)
        later = {name for name in expected if name.startswith("named.") or ".own." in name}
        if not later & names:  # a model that learned before names of the backbone's own were looked at
            expected = {name: tensor for name, tensor in expected.items() if name not in later}
        if names != set(expected):
            odd = sorted(names ^ set(expected))[:3]
            raise ArtifactError(f"{path.name} does not fit the schema beside it (for example {', '.join(odd)}).")
        for name, tensor in expected.items():
            stored = file.get_tensor(name)
            if stored.shape != tensor.shape:
                raise ArtifactError(f"{path.name}: '{name}' has shape {tuple(stored.shape)}, expected {tuple(tensor.shape)}.")
            tensor.copy_(stored)


def _splits(artifact: Artifact) -> pl.DataFrame:
    rows, contents = artifact.rows, artifact.contents
    parts = {"train": rows.train, "tune": rows.tune, "test": rows.test, "left out": rows.left_out}
    frames = [
        pl.DataFrame({"row": indices, "part": [name] * len(indices)}, schema={"row": pl.Int64, "part": pl.String})
        for name, indices in parts.items()
    ]
    splits = pl.concat(frames).sort("row")
    return splits if contents is None else splits.with_columns(pl.Series(CONTENT, contents[splits["row"].to_numpy()]))


def _rows(frame: pl.DataFrame, reason: str) -> Rows:
    def part(name: str) -> np.ndarray:
        return frame.filter(pl.col("part") == name)["row"].to_numpy()

    return Rows(train=part("train"), tune=part("tune"), test=part("test"), reason=reason, left_out=part("left out"))


def _write_json(path: Path, data: Any) -> None:
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False, allow_nan=True) + "\n", encoding="utf-8")
