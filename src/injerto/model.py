"""The door for Python to a trained model: `load`, and the `Model` that it and `train` give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from injerto.answer_parts import require_out
from injerto.artifact import folder as model_folder
from injerto.artifact.artifact import Artifact
from injerto.artifact.new_gallery import replace_gallery
from injerto.artifact.place import require_place
from injerto.artifact.touches import look
from injerto.backbones.cache import VectorCache
from injerto.compare import compare
from injerto.comparison import Comparison
from injerto.drift.drift import drift as drift_of
from injerto.drift.drift import require_reference
from injerto.drift.found import Drift
from injerto.enlarge import enlarge, require_gallery
from injerto.evaluate import Evaluation, evaluate
from injerto.events.rule import EventRule
from injerto.explain.explain import COVERAGE, MAX_ERROR, explain
from injerto.explain.explanation import Explanation
from injerto.export.export import Exported, export
from injerto.export.promised import Asked
from injerto.gallery.gallery import Change, Gallery
from injerto.identified import Identities
from injerto.identify import identify
from injerto.learner import Learner
from injerto.listening.found import Events
from injerto.listening.listen import listen, rule_of
from injerto.lookup.embeddings import Embeddings
from injerto.lookup.find import embeddings_of
from injerto.metrics.verdict import verdicts
from injerto.predict import Predictions, predict
from injerto.predict_long import predict_long
from injerto.progress import Progress, Silent
from injerto.reference.unlike import LEVEL
from injerto.report.drift import drift_page
from injerto.report.embeddings import embeddings_page
from injerto.report.explanation import explanation_page
from injerto.report.identify import About, identify_page
from injerto.report.language import LanguageCode, known_language
from injerto.report.listening import listening_page
from injerto.report.notebook import model_html
from injerto.report.page import page
from injerto.scale.drift import drift_on
from injerto.scale.listen import RayHearer
from injerto.scale.predict import predict_on, predict_pieces
from injerto.schema.schema import Schema
from injerto.table.ledger import Ledger
from injerto.table.long_table import LongTable
from injerto.table.table import Table
from injerto.told import Told
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
    def language(self) -> LanguageCode:
        """Of its report, and of its other pages where none is given."""
        return known_language(self.artifact.facts.get("language"))

    @property
    def ledger(self) -> Ledger:
        """The cells of the training table that could not be used."""
        return self.artifact.ledger

    def _repr_html_(self) -> str:
        return model_html(self.artifact)

    def predict(
        self,
        table: object,
        *,
        max_error: float | None = None,
        coverage: float | None = None,
        on: str | None = None,
        folder: str | Path = ".",
        progress: Progress | None = None,
    ) -> Predictions:
        """Answer every row of a path, a dataframe, a dict of lists or a Table; `folder` is where relative file paths start.

        `max_error` of 0.05: the column NAME_decision says "cannot tell" of rows, so that at most one in twenty of the other
        answers is expected to be wrong. `coverage` of 0.9: NAME_set, NAME_low and NAME_high, or NAME_radius hold the truth in
        nine of ten rows. Both are counted from held-out rows, and hold for rows like those. `on` is "ray", or
        "ray://HOST:PORT" of a cluster whose machines see the files: its workers answer.

        *Raises* PromiseError when the model cannot promise that, ScaleError when the cluster cannot be used.
        """
        data = Table.of(table, folder=folder)
        if on is not None:
            found = predict_on(on, self.artifact, data, max_error=max_error, coverage=coverage, progress=progress)
        else:
            found = predict(self.artifact, data, max_error=max_error, coverage=coverage, cache=self.cache, progress=progress)
        return replace(found, given=table)

    def predict_into(
        self,
        table: str | Path | LongTable,
        out: str | Path,
        *,
        max_error: float | None = None,
        coverage: float | None = None,
        unlike: bool = False,
        on: str | None = None,
        force: bool = False,
        progress: Progress | None = None,
    ) -> Told:
        """As `predict`, piece by piece into a .csv, .tsv or .parquet file: for tables that are too long for memory.

        A call that was killed goes on where it was when called again. With `unlike` the answers have the columns of
        `Predictions.with_unlike`; `on` is "ray", or "ray://HOST:PORT" of a cluster that answers. `.rows`, `.ledger`, `.unseen`
        and `.decisions` say what `predict` would.

        *Raises* OutputError when `out` is there already (unless with `force`) or the disk is full.
        """
        require_out(Path(out), force=force)

        def elsewhere(pieces: Iterable[Table]) -> Iterator[Predictions]:
            return predict_pieces(str(on), self.artifact, pieces, max_error=max_error, coverage=coverage, progress=progress)

        long = table if isinstance(table, LongTable) else LongTable.read(table)
        return predict_long(
            self.artifact,
            long,
            Path(out),
            max_error=max_error,
            coverage=coverage,
            unlike=unlike,
            answer=None if on is None else elsewhere,
            cache=self.cache,
            progress=progress,
        )

    def explain(
        self,
        table: object,
        row: int,
        *,
        among: object | None = None,
        max_error: float = MAX_ERROR,
        coverage: float = COVERAGE,
        folder: str | Path = ".",
        progress: Progress | None = None,
    ) -> Explanation:
        """Why the row `row` of a table, counted from 0, is answered as it is; `explain_page` makes a page of it.

        Where in its photos and sounds the model looked, what each column did to the answer, how unlike the training rows it is,
        whether the model would rather not answer where at most `max_error` may be wrong, and, where `among` names a table such
        as the one it was trained on, the rows of it that are most like this one.

        *Raises* ExplanationError when there is no such row, or it cannot be answered.

        Example:
            >>> import injerto
            >>> table = {"mass_g": [9, 10, 11, 12, 60, 61, 62, 63] * 5, "species": (["wren"] * 4 + ["jay"] * 4) * 5}
            >>> model = injerto.train(table, "species", seed=1)
            >>> model.explain({"mass_g": [10, 62]}, 1).answers[0].chances[0][0]
            'jay'
        """
        data = Table.of(table, folder=folder)
        others = None if among is None else Table.of(among, folder=folder)
        return explain(
            self.artifact,
            data,
            row,
            among=others,
            max_error=max_error,
            coverage=coverage,
            cache=self.cache,
            progress=progress,
        )

    def explain_page(self, found: Explanation, *, model: str = "", language: LanguageCode | None = None) -> str:
        """One row with its maps, contributions and neighbours, as HTML that opens anywhere, in the model's language."""
        return explanation_page(found, model=model, version=__version__, language=language or self.language)

    def evaluate(
        self,
        table: object,
        *,
        by: str | None = None,
        max_error: float | None = None,
        coverage: float | None = None,
        folder: str | Path = ".",
        progress: Progress | None = None,
    ) -> Evaluation:
        """Score the answers on rows with known labels, overall and by the values of the column `by`.

        With `max_error` or `coverage`, `.targets[NAME].honesty` has how that promise was kept on these rows. Where they are
        rows that test the model this counts as a look at them, in its folder too, and a note says how many. A LongTable, as
        `open_table` gives it, is answered piece by piece.
        """
        data = table if isinstance(table, LongTable) else Table.of(table, folder=folder)
        found = evaluate(
            self.artifact, data, by=by, max_error=max_error, coverage=coverage, cache=self.cache, progress=progress
        )
        looks = None if found.known is None else look(self.artifact, found.known, by="evaluate", table=data.name)
        return found if looks is None else replace(found, looks=looks, notes=(looks.note, *found.notes))

    def verdicts(self, target: str, score: Mapping[str, Any]) -> list[str]:
        """A sentence for each plainer answer that the model is not shown to be better than, by the `score` of a target."""
        return verdicts(self.schema.targets[target].kind, score)

    def compare(
        self,
        other: Model,
        table: object,
        *,
        group: str | None = None,
        folder: str | Path = ".",
        progress: Progress | None = None,
    ) -> Comparison:
        """Whether `other` (B) is better than this model (A), on the rows of a labelled table that both can use.

        `.targets["species"].figures["accuracy"]` has `a`, `b`, `difference` (B - A), its 95 % `interval`, `better` ("A", "B" or
        None) and `words`; `.notes` say why it may mean less. Both models are measured on the same bootstrap draws: of whole
        groups of the column `group` or, without it, of the groups that the models were split by, else of rows. Use rows that
        taught neither model.

        *Raises* ComparisonError when the models share no target or no row counts for both, ColumnError when an input, the
        labels of all targets or `group` are missing, TableError without any label.

        Example:
            >>> import injerto
            >>> table = {"mass_g": [9, 10, 11, 12, 60, 61, 62, 63] * 5, "species": (["wren"] * 4 + ["jay"] * 4) * 5}
            >>> model = injerto.train(table, "species", seed=1)
            >>> new = {"mass_g": [9, 12, 61, 63] * 3, "species": ["wren", "wren", "jay", "jay"] * 3}
            >>> model.compare(model, new).targets["species"].words
            ['no difference at all: both models give the same answers.']
        """
        data = Table.of(table, folder=folder)
        found = compare(self.artifact, other.artifact, data, group=group, cache=self.cache, progress=progress)
        notes = [
            f"{letter}: {looks.note}"
            for letter, artifact, known in zip("AB", (self.artifact, other.artifact), found.known, strict=True)
            if (looks := look(artifact, known, by="compare", table=data.name)) is not None
        ]
        return replace(found, notes=(*notes, *found.notes))

    def require_reference(self) -> None:
        """*Raises* DriftError, with what to do, when the model keeps nothing of its training rows to hold new ones against."""
        require_reference(self.artifact)

    def drift(
        self,
        table: object,
        *,
        group: str | None = None,
        level: float = LEVEL,
        fail_above: float = 0.0,
        on: str | None = None,
        folder: str | Path = ".",
        progress: Progress | None = None,
    ) -> Drift:
        """Whether a table, which needs no labels, is like the rows this model was trained on, column by column.

        `.drifted` says whether anything differs by more than chance and by more than `fail_above`, `.words` what,
        `.columns["photo"].change` by how much. False alarms are rarer than `level`, all columns together. Rows with the same
        value in the column `group` are one case. `on` is "ray", or "ray://HOST:PORT" of a cluster whose workers look at files.

        *Raises* DriftError when the model keeps no rows of its training, or no row of the table can be used; ColumnError when
        an input or `group` is missing; ScaleError when the cluster cannot be used.

        Example:
            >>> import injerto
            >>> table = {"mass_g": [9, 10, 11, 12, 60, 61, 62, 63] * 5, "species": (["wren"] * 4 + ["jay"] * 4) * 5}
            >>> model = injerto.train(table, "species", seed=1)
            >>> model.drift({"mass_g": [90, 95, 110, 120] * 10}).columns["mass_g"].change.words
            'middle 36 before, 102.5 now; 100.0% outside of the training range'
        """
        data = Table.of(table, folder=folder)
        if on is not None:
            return drift_on(on, self.artifact, data, group=group, level=level, fail_above=fail_above, progress=progress)
        return drift_of(
            self.artifact, data, group=group, level=level, fail_above=fail_above, cache=self.cache, progress=progress
        )

    def drift_page(self, found: Drift, *, model: str = "", table: str = "", language: LanguageCode | None = None) -> str:
        """Every column before and now, with the strangest photos and sounds, as HTML that opens anywhere."""
        return drift_page(found, model=model, table=table, version=__version__, language=language or self.language)

    def identify(
        self,
        table: object,
        *,
        new_share: float | None = None,
        max_error: float | None = None,
        folder: str | Path = ".",
        progress: Progress | None = None,
    ) -> Identities:
        """Say of every photo who it is, that it is somebody new, or that it cannot be told; photos of one sighting together.

        `new_share` is how many of the individuals asked about are expected to be new; without it, half of them. `max_error` is
        what share of what is said may be wrong: the limits from which on a name, or "new", is said are chosen anew, and `notes`
        say how often that is.

        *Raises* GalleryError when the model tells no individuals apart, PromiseError where that cannot be promised.
        """
        data = Table.of(table, folder=folder)
        return identify(self.artifact, data, new_share=new_share, max_error=max_error, progress=progress)

    def identify_page(self, found: Identities, *, name: str = "", language: LanguageCode | None = None) -> str:
        """Photos and look-alikes side by side, as HTML that opens anywhere."""
        about = About.of(found, model=name, version=__version__)
        return identify_page(found.found, about, language or self.language)

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
        on: str | None = None,
        progress: Progress | None = None,
    ) -> Events:
        """Run along recordings, files and folders of them, and give what was heard; `EventRule` says what an event is.

        `keep_shares` keeps what `Events.to_scores` writes. With a folder `work` a run that was killed goes on where it was when
        called again; `Events.close` removes it. `on` is "ray", or "ray://HOST:PORT" of a cluster whose workers hear.

        *Raises* ListeningError when the model reads anything but one sound, or there are no recordings; ScaleError when the
        cluster cannot be used.
        """
        paths = [recordings] if isinstance(recordings, str | Path) else recordings
        place = None if work is None else Path(work)
        progress, rule = progress or Silent(), rule or rule_of(self.artifact)
        hearer = None if on is None else RayHearer(on, self.artifact, rule, keep_shares, progress)
        return listen(self.artifact, paths, rule, keep_shares=keep_shares, work=place, hearer=hearer, progress=progress)

    def listening_page(self, found: Events, *, language: LanguageCode | None = None) -> str:
        """The surest events as spectrograms to look at and to play, as HTML that opens anywhere. Reads the recordings again."""
        return listening_page(self.artifact, found, language or self.language)

    @property
    def gallery(self) -> Gallery:
        """Who is known. *Raises* GalleryError for a model that does not identify individuals."""
        return require_gallery(self.artifact)

    def gallery_add(
        self,
        table: object,
        *,
        individual: str | None = None,
        folder: str | Path = ".",
        progress: Progress | None = None,
    ) -> Change:
        """Add the photos of a table to the gallery, without training; names stand in the column `individual`.

        What was passed over, refused or could not be read is in the change. `save_gallery` writes it to a model folder.
        """
        data = Table.of(table, folder=folder)
        return self._changed(enlarge(self.artifact, data, individual=individual, progress=progress or Silent()))

    def gallery_remove(self, names: str | Sequence[str]) -> Change:
        """Remove individuals, or photos by name or the beginning of their digest. *Raises* GalleryError if one is unknown."""
        gone = [names] if isinstance(names, str) else list(names)
        return self._changed(self.gallery.removed(gone))

    def gallery_rename(self, old: str, new: str) -> Change:
        """Give an individual another name, or join it with the one of that name. *Raises* GalleryError without an `old`."""
        return self._changed(self.gallery.renamed(old, new))

    def gallery_merge(self, other: Model) -> Change:
        """Add the photos of another model's gallery. *Raises* GalleryError when its network is not the same."""
        return self._changed(self.gallery.merged(other.gallery))

    def save_gallery(self, path: str | Path) -> Path:
        """Put the gallery into the folder that this model was loaded from; all else in it stays.

        *Raises* OutputError when it cannot be written, or the gallery there was changed in the meantime.
        """
        self.artifact.gallery = replace_gallery(Path(path), self.gallery)
        return Path(path)

    def _changed(self, change: Change) -> Change:
        self.artifact.gallery = change.gallery
        return change

    def embeddings(self, column: str) -> Embeddings:
        """What was learned of a category column: its levels, their counts and rows, the nearest levels, a plane, a table.

        *Raises* ColumnError, naming the columns that have this, when `column` is not one of them.
        """
        return embeddings_of(self.artifact, column)

    def embeddings_page(self, column: str, *, language: LanguageCode | None = None) -> str:
        """The map of a category column's levels, as HTML that opens anywhere. *Raises* ColumnError as `embeddings` does."""
        return embeddings_page(self.artifact, self.embeddings(column), language or self.language)

    def export(
        self,
        *,
        onnx: str | Path | None = None,
        hf: str | Path | None = None,
        check: object = None,
        max_error: float | None = None,
        coverage: float | None = None,
        licence: str | None = None,
        force: bool = False,
        folder: str | Path = ".",
        progress: Progress | None = None,
    ) -> Exported:
        """Write the model as a folder of ONNX, in the layout of Hugging Face, or both.

        The answers of `onnx` are compared with the model's on rows of the table `check` first; `.parity` has what was found.
        With `max_error` and `coverage`, `onnx` promises what `predict` does with them. `licence` is the one you give the model
        on a hub; `force` replaces what was exported there before.

        *Raises* ExportError when the model cannot be exported, packages lack, or an answer differs; PromiseError when something
        cannot be promised; OutputError when something stands there, or it cannot be written.
        """
        rows = None if check is None else Table.of(check, folder=folder)
        to_onnx, to_hf = (None if place is None else Path(place) for place in (onnx, hf))
        asked = None if max_error is None and coverage is None else Asked(max_error, coverage)
        return export(
            self.artifact, onnx=to_onnx, hf=to_hf, check=rows, asked=asked, licence=licence, force=force, progress=progress
        )

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


def drift(model: Model | str | Path, table: object, *, group: str | None = None, folder: str | Path = ".") -> Drift:
    """Whether `table` is like the rows that `model`, or the model in that folder, was trained on; see `Model.drift`."""
    trained = model if isinstance(model, Model) else load(model)
    return trained.drift(table, group=group, folder=folder)
