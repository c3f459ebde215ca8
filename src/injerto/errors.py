"""Every exception a user can catch; each is also the builtin it refines."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class InjertoError(Exception):
    """Root of all errors Injerto raises on purpose. The message says what, where, found, what to do."""

    def __str__(self) -> str:
        # KeyError would quote and escape its message; ours are sentences for people.
        return str(self.args[0]) if self.args else ""


class TableError(InjertoError, ValueError):
    """A table cannot be read, or its content contradicts what was asked."""


class TableNotFoundError(TableError, FileNotFoundError):
    """There is no table at the path given."""


class ColumnError(InjertoError, KeyError):
    """A column that was named does not exist."""


class LevelError(InjertoError, KeyError):
    """A value that was named is no level of its category column."""


class MediaError(InjertoError, OSError):
    """One photo or sound cannot be read. `reason` stands alone in a ledger; the message adds the place."""

    def __init__(self, reason: str, *, file: str = "", row: int | None = None) -> None:
        self.reason = reason
        self.file = file
        self.row = row
        place = " ".join(part for part in (f"row {row}:" if row is not None else "", file) if part)
        super().__init__(f"{place}: {reason}" if place else reason)


class SchemaError(InjertoError, ValueError):
    """What was declared does not fit the table. Carries every problem, not only the first."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        count = len(self.problems)
        head = "1 problem" if count == 1 else f"{count} problems"
        super().__init__("\n".join([f"{head} must be solved before training:", *(f"  - {p}" for p in self.problems)]))


class BackboneError(InjertoError, LookupError):
    """A pretrained network is unknown, or its weights are not on this machine or not the expected ones."""


class ArtifactError(InjertoError, ValueError):
    """A model folder is incomplete, damaged, or of a format this version cannot read."""


class GalleryError(InjertoError, ValueError):
    """A gallery of individuals does not allow what was asked: a name it lacks, vectors of another network."""


class TrainingError(InjertoError, RuntimeError):
    """Training cannot start or go on."""


class ListeningError(InjertoError, ValueError):
    """Recordings cannot be listened to like this: the model, the options or the recordings do not allow it."""


class ComparisonError(InjertoError, ValueError):
    """Two models cannot be compared on these rows: they share no target, or no row counts for both."""


class DriftError(InjertoError, ValueError):
    """A table cannot be held against the training rows: the model keeps none of them, or no row can be used."""


class PromiseError(InjertoError, ValueError):
    """A model cannot promise what was asked: too few rows were held out, or the target is of another kind."""


class ExportError(InjertoError, ValueError):
    """A model cannot be exported: a kind without a way into a graph, packages that lack, a graph that answers otherwise."""


class ServeError(InjertoError, RuntimeError):
    """Models cannot be served like this: an address that is taken, a token that is too short, packages that lack."""


class ScaleError(InjertoError, RuntimeError):
    """Work cannot be done on a cluster: it cannot be reached, packages lack, or its machines do not see the files."""


class ExplanationError(InjertoError, ValueError):
    """A row cannot be explained: it is not in the table, or it cannot be answered."""


class OutputError(InjertoError, OSError):
    """A result cannot be written: no permission, no space, or something is already there."""


def did_you_mean(wrong: str, valid: Iterable[str]) -> str:
    """A sentence naming the nearest valid word, or an empty string when none is near.

    Example:
        >>> did_you_mean("specis", ["species", "site"])
        " Did you mean 'species'?"
    """
    near = get_close_matches(wrong, list(valid), n=1, cutoff=0.6)
    return f" Did you mean '{near[0]}'?" if near else ""
