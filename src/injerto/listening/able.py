"""Whether a model can listen: it must need nothing but one sound, and answer with classes."""

from __future__ import annotations

from injerto.artifact.artifact import Artifact
from injerto.errors import ListeningError
from injerto.features.sound import SoundFeature
from injerto.heads.head import Head
from injerto.heads.several_classes import ClassesHead
from injerto.heads.single_class import ClassHead


def ears(artifact: Artifact) -> dict[str, SoundFeature]:
    """The features of the model's one column of sounds, by block: one for each network that hears it.

    *Raises* ListeningError for a model without sounds, with two columns of them, or with any other column.
    """
    network = artifact.network
    heard = {block.key: feature for block in network.blocks for feature in block.features if isinstance(feature, SoundFeature)}
    columns = sorted({feature.name for feature in heard.values()})
    others = [f"'{feature.name}' ({feature.options.kind})" for feature in network.features if feature.name not in columns]
    if not columns:
        raise ListeningError(
            f"The model has no column of sounds, and listening needs one: it reads {', '.join(others[:10])}. Train one on a "
            "table of clips, such as 'injerto clips' makes."
        )
    if others or len(columns) > 1:
        more = others or [f"'{name}' (sound)" for name in columns[1:]]
        raise ListeningError(
            f"The model reads more than one sound: besides '{columns[0]}' it needs {', '.join(more[:10])}, which a recording "
            f"does not tell. Train it on sounds alone: --input {columns[0]}:sound, and --drop for each of the others."
        )
    return heard


def voice(artifact: Artifact) -> ClassHead | ClassesHead:
    """The head whose classes make events. *Raises* ListeningError when there is none, or more than one."""
    heads: list[Head] = list(artifact.network.targets.values())
    classes = [head for head in heads if isinstance(head, ClassHead | ClassesHead)]
    if not classes:
        found = ", ".join(f"'{head.name}' ({head.kind})" for head in heads)
        raise ListeningError(f"The model predicts {found}, and events need classes. Train one whose target is a class.")
    if len(heads) > 1:
        found = ", ".join(f"'{head.name}'" for head in heads)
        raise ListeningError(f"The model predicts several columns: {found}. Train one on the column of classes alone.")
    return classes[0]
