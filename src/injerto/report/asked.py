"""What was asked of the training, in a few sentences: what to predict, from what, in which ways, how long."""

from __future__ import annotations

from injerto.artifact.artifact import Artifact
from injerto.report.language import say, several
from injerto.report.table_name import table_name

NAMED = 12
"""Columns that are named; of more, the first ones."""


def asked_words(artifact: Artifact) -> str:
    """The wishes that the schema holds, and its defaults where nothing was wished."""
    schema = artifact.schema
    targets = ", ".join(f"{name} ({say(target.kind)})" for name, target in schema.targets.items())
    inputs = [f"{name} ({say(item.kind)})" for name, item in schema.inputs.items()]
    more = len(inputs) - NAMED
    named = ", ".join(inputs[:NAMED]) + (" " + say("and {count} more", count=more) if more > 0 else "")
    return " ".join(
        [
            several(
                len(inputs),
                "To predict {targets} from one column of {table}: {inputs}.",
                "To predict {targets} from {count} columns of {table}: {inputs}.",
                targets=targets,
                table=table_name(artifact),
                inputs=named,
            ),
            *_split_words(artifact),
            *_budget_words(artifact),
        ]
    )


def _split_words(artifact: Artifact) -> list[str]:
    split = artifact.schema.split
    told = []
    if split.column is not None:
        told.append(say("The rows are split as the column '{column}' says.", column=split.column))
    if split.group is not None:
        told.append(say("Rows with the same '{column}' are kept together.", column=split.group))
    if split.time is not None:
        told.append(say("The latest rows by '{column}' test it.", column=split.time))
    return told


def _budget_words(artifact: Artifact) -> list[str]:
    training = artifact.schema.training
    ways = {
        "probe": say("Only the head was to learn, on networks that stay as they are."),
        "finetune": say("All layers were to learn."),
    }
    told = [ways[training.mode]] if training.mode in ways else []
    if training.budget_seconds is not None:
        told.append(say("It was to take at most {seconds:,.0f} seconds.", seconds=training.budget_seconds))
    return told
