"""The door for Python to training: `train`, from a table and what is wished of it to a `Model`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import KW_ONLY, dataclass
from pathlib import Path

from injerto.artifact.place import require_place
from injerto.backbones.cache import VectorCache
from injerto.learning.resume import clear, leave
from injerto.model import Model, load
from injerto.progress import Progress, Silent
from injerto.report.language import LanguageCode
from injerto.scale.cluster import joined
from injerto.scale.extract import RayCrew, require_files
from injerto.scale.learn import learn, require_cluster
from injerto.schema.schema import Mode, Schema
from injerto.schema.wishes import Wishes, declare
from injerto.table.opened import opened
from injerto.train import train as train_artifact
from injerto.version import __version__


def train(
    table: object,
    target: str | Sequence[str] = (),
    *,
    inputs: str | Sequence[str] = (),
    drop: str | Sequence[str] = (),
    schema: Schema | str | Path | None = None,
    group: str | None = None,
    group_part: str | None = None,
    group_seconds: float | None = None,
    no_group: bool = False,
    time: str | None = None,
    split: str | None = None,
    folds: int | None = None,
    repeats: int | None = None,
    mode: Mode | None = None,
    budget_seconds: float | None = None,
    seed: int | None = None,
    background: str | Path | None = None,
    keypoints: bool = False,
    mirror: Sequence[tuple[str, str]] | None = None,
    source: str | None = None,
    sighting: str | None = None,
    flank: str | None = None,
    language: LanguageCode | None = None,
    out: str | Path | None = None,
    force: bool = False,
    on: str | None = None,
    processes: int | None = None,
    folder: str | Path = ".",
    memory: str | int | None = None,
    progress: Progress | None = None,
) -> Model:
    """Train a model on a table: a path, a dataframe, a dict of lists or a Table. The options are those of the command line.

    With `out` the model folder is written there, and a run that was killed goes on where it was when called again; `force`
    replaces the model that stands there. A table at a path that needs more than `memory`, as "8GB", or than there is room for,
    is read piece by piece. `on` is "ray", or "ray://HOST:PORT" of a cluster whose workers look at photos and sounds; all else
    is learned here. With `processes`, so many processes of that cluster learn together instead, and `out` is where they write.

    *Raises* SchemaError with every problem found, TrainingError when the rows cannot teach the target, OutputError before
    training when no model may be written at `out`, ScaleError when the cluster cannot be used.

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
    wishes = Wishes(
        targets=_names(target),
        inputs=_names(inputs),
        drop=_names(drop),
        schema=schema,
        group=group,
        group_part=group_part,
        group_seconds=group_seconds,
        no_group=no_group,
        time=time,
        split=split,
        folds=folds,
        repeats=repeats,
        mode=mode,
        budget_seconds=budget_seconds,
        seed=seed,
        background=background,
        keypoints=keypoints,
        mirror=mirror,
        source=source,
        sighting=sighting,
        flank=flank,
    )
    order = _Order(table, wishes, place, force=force, folder=folder, memory=memory, language=language or "en")
    progress = progress or Silent()
    if processes is None:
        return order.done(progress, on)
    on, place = require_cluster(on, place, processes)
    learn(order.done, place, on, processes, progress)
    return load(place)


@dataclass(frozen=True)
class _Order:
    """What is to be done, where it was asked for or in a process of a cluster."""

    table: object
    wishes: Wishes
    place: Path | None
    _: KW_ONLY
    force: bool
    folder: str | Path
    memory: str | int | None
    language: LanguageCode

    def done(self, progress: Progress, on: str | None = None) -> Model:
        """Train, and write the model where there is a place for it."""
        data = opened(self.table, folder=self.folder, memory=self.memory, seed=self.wishes.seed or 0)
        work = _working_folder(self.place) if self.place is not None else None
        cache = VectorCache()
        try:
            declared = declare(data.sample, self.wishes)
            with _looking(cache, declared, on, progress):
                artifact = train_artifact(data, declared, work=work, cache=cache, progress=progress)
        except BaseException:  # Ctrl-C, too
            leave(work, progress)
            raise
        artifact.facts["injerto"] = __version__
        artifact.facts["language"] = self.language
        model = Model(artifact, cache)
        if self.place is not None:
            model.save(self.place, force=self.force)
            clear(work)
        return model


@contextmanager
def _looking(cache: VectorCache, schema: Schema, on: str | None, progress: Progress) -> Iterator[None]:
    """Within, the workers of a cluster compute the vectors that `cache` lacks, where there is one."""
    if on is None:
        yield
        return
    require_files(schema)
    with joined(on) as cluster:
        progress.say(f"Photos and sounds are looked at by {cluster.words}.")
        cache.crew = RayCrew(cluster)
        try:
            yield
        finally:
            cache.crew = None


def _working_folder(place: Path) -> Path:
    whole = place.resolve()  # "." has no name of its own
    return whole.with_name(f".{whole.name}.unfinished")


def _names(given: str | Sequence[str]) -> list[str]:
    """One name or several: a lone string is one name, not its letters."""
    return [given] if isinstance(given, str) else list(given)
