"""Where the learned lookup of a column is in a model, or why there is none."""

from __future__ import annotations

from injerto.artifact.artifact import Artifact
from injerto.embedders.levels import LevelsEmbedder
from injerto.embedders.lookup import Lookup
from injerto.errors import ColumnError, did_you_mean
from injerto.features.levels import LevelsFeature
from injerto.learner import Learner
from injerto.lookup.embeddings import Embeddings
from injerto.network import Network

_NAMED = 20
"""Names of columns that a message lists."""


def lookup_of(network: Learner, column: str) -> tuple[LevelsFeature, Lookup] | None:
    """The feature of `column` and the matrix its rows are in, or None where the column has no lookup."""
    if not isinstance(network, Network):
        return None  # it finds points on photos
    for block in network.blocks:
        embedder = network.embedders[block.key]
        for feature in block.features:
            if feature.name == column and isinstance(feature, LevelsFeature) and isinstance(embedder, LevelsEmbedder):
                return feature, embedder.lookup(column)
    return None


def embeddings_of(artifact: Artifact, column: str) -> Embeddings:
    """What the model learned of the levels of `column`. *Raises* ColumnError, naming the columns that have a lookup."""
    found = lookup_of(artifact.network, column)
    if found is None:
        raise ColumnError(_why_not(artifact, column))
    feature, lookup = found
    return Embeddings(feature, lookup.matrix(column).float().cpu().numpy(), lookup.trusted(column).float().cpu().numpy())


def _why_not(artifact: Artifact, column: str) -> str:
    schema = artifact.schema
    names = [feature.name for feature in artifact.network.features if lookup_of(artifact.network, feature.name)]
    if not names:
        inputs = _listed([f"'{name}' ({declared.kind})" for name, declared in schema.inputs.items()])
        return f"This model has no category column, and only these have a learned lookup. Its inputs are {inputs}."
    if column in schema.inputs:
        what = (
            f"'{column}' is a column of kind {schema.inputs[column].kind} in this model; only categories have a learned lookup."
        )
    elif column in schema.targets:
        what = f"'{column}' is what this model predicts; only categories that it learns from have a lookup."
    elif column in schema.dropped:
        what = f"'{column}' was left out of this model: {schema.dropped[column]}."
    else:
        what = f"This model knows no column '{column}'.{did_you_mean(column, names)}"
    quoted = [f"'{name}'" for name in names]
    return f"{what} Its category columns: {_listed(quoted)}."


def _listed(words: list[str]) -> str:
    more = f" and {len(words) - _NAMED} more" if len(words) > _NAMED else ""
    return ", ".join(words[:_NAMED]) + more
