"""A gallery in a model folder is sealed, and is exchanged whole or not at all."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

import injerto
from injerto.artifact import new_gallery
from injerto.artifact.new_gallery import replace_gallery
from injerto.artifact.place import aside_of
from injerto.artifact.seal import seal_of
from injerto.errors import ArtifactError, OutputError
from injerto.gallery import store
from injerto.gallery.gallery import Gallery
from injerto.model import Model
from made_gallery import at_angles, photos, plane
from small import birds


@pytest.fixture(scope="module")
def model() -> Model:
    return injerto.train(birds(60), "species", seed=3, budget_seconds=1)


@pytest.fixture
def saved(model: Model, tmp_path: Path) -> Path:
    model.artifact.gallery = plane(["Luna", "Sol"], [0, 90])
    return model.save(tmp_path / "m")


def gallery_of(folder: Path) -> Gallery:
    gallery = injerto.load(folder).artifact.gallery
    assert gallery is not None
    return gallery


def test_a_model_without_a_gallery_has_none(model: Model, tmp_path: Path) -> None:
    model.artifact.gallery = None
    assert injerto.load(model.save(tmp_path / "m")).artifact.gallery is None
    assert not any((tmp_path / "m" / name).exists() for name in store.FILES)


def test_a_gallery_is_saved_with_its_model(saved: Path) -> None:
    assert gallery_of(saved).individuals == ["Luna", "Sol"]
    assert {*store.FILES} <= json.loads((saved / "injerto.json").read_text())["sha256"].keys()


@pytest.mark.parametrize("name", store.FILES)
def test_a_gallery_file_that_changes_vanishes_or_appears_is_noticed(saved: Path, model: Model, name: str) -> None:
    content = (saved / name).read_bytes()
    (saved / name).write_bytes(content + b" ")
    with pytest.raises(ArtifactError, match=f"{name} in '.*' is not as Injerto wrote it"):
        injerto.load(saved)
    (saved / name).unlink()
    with pytest.raises(ArtifactError, match=f"lacks its file {name}"):
        injerto.load(saved)
    model.artifact.gallery = None
    bare = model.save(saved.with_name("bare"))
    (bare / name).write_bytes(content)
    with pytest.raises(ArtifactError, match=f"{name} in '.*' was not put there by Injerto.* injerto gallery merge"):
        injerto.load(bare)


def test_damage_under_a_forged_seal_is_said(saved: Path) -> None:
    (saved / store.TENSORS).write_bytes(b"nothing")
    facts = json.loads((saved / "injerto.json").read_text())
    (saved / "injerto.json").write_text(json.dumps({**facts, "sha256": seal_of(saved)}))
    with pytest.raises(ArtifactError, match=r"The gallery in '.*' is damaged"):
        injerto.load(saved)


def test_only_the_gallery_is_replaced(saved: Path) -> None:
    (saved / "card.md").write_text("# What I know of it")
    (saved / "notes").mkdir()
    (saved / "notes" / "mine.txt").write_text("kept")
    before = {path.name: path.read_bytes() for path in saved.iterdir() if path.is_file()}
    grown = gallery_of(saved).added(photos(["Mar"], ["new.jpg"]), at_angles(200)).gallery
    stored = replace_gallery(saved, grown)
    assert gallery_of(saved).individuals == ["Luna", "Mar", "Sol"]
    assert stored.stored == gallery_of(saved).stored
    changed = {name for name, content in before.items() if (saved / name).read_bytes() != content}
    assert changed == {*store.FILES, "injerto.json"}
    assert (saved / "notes" / "mine.txt").read_text() == "kept"
    assert os.listdir(saved.parent) == ["m"]
    replace_gallery(saved, stored.removed(["Mar"]).gallery)  # what it gives can be changed and stored again
    assert gallery_of(saved).individuals == ["Luna", "Sol"]


def test_files_are_copied_where_they_cannot_be_linked(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object, **__: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    replace_gallery(saved, gallery_of(saved).removed(["Sol"]).gallery)
    assert gallery_of(saved).individuals == ["Luna"]


def test_a_gallery_that_was_changed_in_the_meantime_is_not_written_over(saved: Path) -> None:
    mine, theirs = gallery_of(saved), gallery_of(saved)
    replace_gallery(saved, theirs.added(photos(["Mar"], ["new.jpg"]), at_angles(200)).gallery)
    with pytest.raises(OutputError, match="was changed by another command in the meantime, and nothing was written"):
        replace_gallery(saved, mine.removed(["Sol"]).gallery)
    assert gallery_of(saved).individuals == ["Luna", "Mar", "Sol"]


def test_what_cannot_be_replaced_is_refused(saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gallery = gallery_of(saved)
    with pytest.raises(ArtifactError, match="is not a model of Injerto"):
        replace_gallery(tmp_path / "nothing", gallery)
    monkeypatch.chdir(saved)
    with pytest.raises(OutputError, match="is the folder you are in"):
        replace_gallery(saved, gallery)


def test_a_full_disk_leaves_the_old_gallery_and_nothing_else(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    gallery = gallery_of(saved)
    monkeypatch.setattr(new_gallery.store, "write", full)
    with pytest.raises(OutputError, match=r"No space left on device. What stood there before is kept"):
        replace_gallery(saved, gallery.removed(["Sol"]).gallery)
    monkeypatch.undo()
    assert os.listdir(saved.parent) == ["m"]
    assert gallery_of(saved).individuals == ["Luna", "Sol"]


@pytest.mark.slow
def test_killed_at_any_moment_the_old_gallery_or_the_new_one_is_whole(saved: Path) -> None:
    """A process replaces the gallery again and again; whenever it is killed, what it left opens."""
    work = textwrap.dedent("""
        import sys
        from pathlib import Path
        from dataclasses import replace
        from injerto.artifact.new_gallery import replace_gallery
        from injerto.artifact.seal import sha256_of
        from injerto.gallery import store
        folder = Path(sys.argv[1])
        gallery = replace(store.read(folder), stored=sha256_of(folder / store.PHOTOS))
        print("ready", flush=True)
        for turn in range(100_000):
            name = gallery.individuals[0]
            gallery = replace_gallery(folder, gallery.renamed(name, f"Luna {turn}").gallery)
    """)
    for wait in (0.01, 0.04, 0.09, 0.15, 0.22):
        with subprocess.Popen([sys.executable, "-c", work, str(saved)], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            time.sleep(wait)
            process.send_signal(signal.SIGKILL)
        if not saved.exists():  # between two steps: the old one waits beside
            aside_of(saved).rename(saved)
        assert len(gallery_of(saved).individuals) == 2
