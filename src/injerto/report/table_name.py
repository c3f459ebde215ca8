"""What a page calls the table that a model learned from."""

from __future__ import annotations

from injerto.artifact.artifact import Artifact
from injerto.report.language import say


def table_name(artifact: Artifact) -> str:
    """Its name, where it has one."""
    return str(artifact.facts.get("table") or say("a table"))
