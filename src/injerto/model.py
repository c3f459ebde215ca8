"""The door for Python: `train`, `load`, and the model they give."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from injerto.artifact import folder as model_folder
from injerto.artifact.artifact import Artifact
from injerto.artifact.place import require_place
from injerto.backbones.cache import VectorCache
from injerto.evaluate import Evaluation, evaluate
from injerto.events.rule import EventRule
from injerto.learning.resume import clear
from injerto.listening.found import Events
from injerto.listening.listen import listen, rule_of
from injerto.lookup.embeddings import Embeddings
from injerto.lookup.find import embeddings_of
from injerto.point_network import Learner
from injerto.predict import Predictions, predict
from injerto.progress import Progress, Silent
from injerto.report.embeddings import embeddings_page
from injerto.report.listening import listening_page
from injerto.report.page import page
from injerto.schema.schema import Mode, Schema
from injerto.schema.wishes import Wishes, declare
from injerto.table.ledger import Ledger
from injerto.table.table import Table
from injerto.train import train as train_artifact
from injerto.version import __version__


class Model:
    """A trained model: it answers, is scored, and is written as a folder."""

    def __init__(self, artifact: Artifact, cache: VectorCache | None = None) -> None:
        self.artifact = artifact
        self.cache = cache if cache is not None else VectorCache()

    @property
    def schema(self) -> Schema:
        """What was declared, with the reason for every column."""
        return self.artifact.schema

    @property
    def network(self) -> Learner:
        """The PyTorch module."""
        return self.artifact.network

    @property
    def scores(self) -> dict[str, Any]:
        """Figures on the rows kept apart ("test") and on those that chose ("tune"), by target, beside a baseline's."""
        return self.artifact.scores

    @property
    def ledger(self) -> Ledger:
        """The cells of the training table that could not be used."""
        return self.artifact.ledger

    def predict(self, table: object, *, folder: str | Path = ".", progress: Progress | None = None) -> Predictions:
        """Answer every row of a path, a dataframe, a dict of lists or a Table; `folder` is where relative file paths start."""
        return predict(self.artifact, Table.of(table, folder=folder), cache=self.cache, progress=progress)

    def evaluate(
        self, table: object, *, by: str | None = None, folder: str | Path = ".", progress: Progress | None = None
    ) -> Evaluation:
        """Score the answers on rows with known labels, overall and by the values of the column `by`."""
        return evaluate(self.artifact, Table.of(table, folder=folder), by=by, cache=self.cache, progress=progress)

    @property
    def listening_rule(self) -> EventRule:
        """The rule that `listen` follows where it is given none."""
        return rule_of(self.artifact)

    def listen(
        self,
        recordings: str | Path | Sequence[str | Path],
        rule: EventRule | None = None,
        *,
        keep_shares: bool = False,
        work: str | Path | None = None,
        progress: Progress | None = None,
    ) -> Events:
        """Run along recordings, files and folders of them, and give what was heard; `EventRule` says what an event is.

        `keep_shares` keeps what `Events.to_scores` writes. With a folder `work` a run that was killed goes on where it was when
        called again; `Events.close` removes it.

        *Raises* ListeningError when the model reads anything but one sound, or there are no recordings.
        """
        paths = [recordings] if isinstance(recordings, str | Path) else recordings
        place = None if work is None else Path(work)
        return listen(self.artifact, paths, rule, keep_shares=keep_shares, work=place, progress=progress)

    def listening_page(self, found: Events) -> str:
        """The surest events as spectrograms to look at and to play, as HTML that opens anywhere. Reads the recordings again."""
        return listening_page(self.artifact, found)

    def embeddings(self, column: str) -> Embeddings:
        """What was learned of a category column: its levels, their counts and rows, the nearest levels, a plane, a table.

        *Raises* ColumnError, naming the columns that have this, when `column` is not one of them.
        """
        return embeddings_of(self.artifact, column)

    def embeddings_page(self, column: str) -> str:
        """The map of a category column's levels, as HTML that opens anywhere. *Raises* ColumnError as `embeddings` does."""
        return embeddings_page(self.artifact, self.embeddings(column))

    def save(self, path: str | Path, *, force: bool = False) -> Path:
        """Write the model folder, with its card and report; `force` replaces the model that stands there.

        *Raises* OutputError when it cannot be written, or something stands there.
        """
        path = Path(path)
        require_place(path, force=force)
        model_folder.save(self.artifact, path, report=page(self.artifact), force=force)
        return path


def load(path: str | Path) -> Model:
    """Open a model folder; nothing in it is executed. *Raises* ArtifactError when it is missing, damaged or too new."""
    return Model(model_folder.load(Path(path)))


def train(
    table: object,
    target: str | Sequence[str] = (),
    *,
    inputs: str | Sequence[str] = (),
    drop: str | Sequence[str] = (),
    schema: Schema | str | Path | None = None,
    group: str | None = None,
    time: str | None = None,
    split: str | None = None,
    mode: Mode | None = None,
    budget_seconds: float | None = None,
    seed: int | None = None,
    background: str | Path | None = None,
    keypoints: bool = False,
    mirror: Sequence[tuple[str, str]] | None = None,
    source: str | None = None,
    out: str | Path | None = None,
    force: bool = False,
    folder: str | Path = ".",
    progress: Progress | None = None,
) -> Model:
    """Train a model on a table: a path, a dataframe, a dict of lists or a Table. The options are those of the command line.

    With `out` the model folder is written there, and a run that was killed goes on where it was when called again; `force`
    replaces the model that stands there.

    *Raises* SchemaError with every problem found, TrainingError when the rows cannot teach the target, OutputError before
    training when no model may be written at `out`.

    Example:
        >>> import injerto
        >>> table = {"mass_g": [9, 10, 11, 12, 60, 61, 62, 63] * 5, "species": (["wren"] * 4 + ["jay"] * 4) * 5}
        >>> model = injerto.train(table, "species", seed=1)
        >>> model.predict({"mass_g": [10, 62]}).answers["species"].to_list()
        ['wren', 'jay']
    """
    place = Path(out) if out is not None else None
    if place is not None:
        require_place(place, force=force)
    data = Table.of(table, folder=folder)
    wishes = Wishes(
        targets=_names(target),
        inputs=_names(inputs),
        drop=_names(drop),
        schema=schema,
        group=group,
        time=time,
        split=split,
        mode=mode,
        budget_seconds=budget_seconds,
        seed=seed,
        background=background,
        keypoints=keypoints,
        mirror=mirror,
        source=source,
    )
    work = _working_folder(place) if place is not None else None
    cache = VectorCache()
    artifact = train_artifact(data, declare(data, wishes), work=work, cache=cache, progress=progress or Silent())
    artifact.facts["injerto"] = __version__
    model = Model(artifact, cache)
    if place is not None:
        model.save(place, force=force)
        clear(work)
    return model


def _names(given: str | Sequence[str]) -> list[str]:
    """One name or several: a lone string is one name, not its letters."""
    return [given] if isinstance(given, str) else list(given)


def _working_folder(place: Path) -> Path:
    whole = place.resolve()  # "." has no name of its own
    return whole.with_name(f".{whole.name}.unfinished")
