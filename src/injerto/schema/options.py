"""What all groups of options of a schema have in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Options(BaseModel):
    """Shared manners of every option group: no unknown keys, no changes after the fact."""

    model_config = ConfigDict(extra="forbid", frozen=True)
