"""A model folder from a stranger: refused, nothing executed, nothing of the reader's own opened, in bounded memory."""

import json
import os
import pickle
import shutil
import struct
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import polars as pl
import pytest

import injerto
from injerto import foreign
from injerto.artifact.seal import SEALED, seal_of, sha256_of
from injerto.errors import ArtifactError, SchemaError
from injerto.export.hub import export_hub
from injerto.schema.schema import Schema
from small import birds


@pytest.fixture(scope="module")
def trained() -> injerto.Model:
    return injerto.train(birds(120), "species", seed=3)


@pytest.fixture
def saved(trained: injerto.Model, tmp_path: Path) -> Path:
    return trained.save(tmp_path / "birds.model")


def forged(folder: Path, file: str, content: bytes) -> None:
    """The file replaced, and the checksums as if it had always been so."""
    (folder / file).unlink()
    (folder / file).write_bytes(content)
    facts = json.loads((folder / "injerto.json").read_text())
    (folder / "injerto.json").write_text(json.dumps({**facts, "sha256": seal_of(folder)}))


def header(told: object, size: int | None = None, after: bytes = b"") -> bytes:
    """A safetensors file with any header, and any word for its length."""
    text = told if isinstance(told, bytes) else json.dumps(told).encode()
    return struct.pack("<Q", len(text) if size is None else size) + text + after


def tensor(shape: list[int], start: int, end: int, dtype: str = "F32") -> dict[str, object]:
    return {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}


HOSTILE = {
    "header longer than the file": header({}, size=2**62),
    "header of all the numbers there are": header({}, size=2**64 - 1),
    "no header": b"",
    "header of a gigabyte that is not there": header({}, size=2**30),
    "no JSON": header(b"not json"),
    "deep": header(b'{"a":' * 50_000),
    "more data than there is": header({"body": tensor([2**40], 0, 2**42)}),
    "product of sizes over all bounds": header({"body": tensor([2**33, 2**33], 0, 8)}, after=b"12345678"),
    "negative offsets": header({"body": tensor([1], -4, 0)}),
    "offsets the wrong way round": header({"body": tensor([1], 4, 0)}, after=b"1234"),
    "two tensors on one place": header({"a": tensor([1], 0, 4), "b": tensor([1], 0, 4)}, after=b"1234"),
    "data nobody names": header({"a": tensor([1], 0, 4)}, after=b"1234" * 1000),
    "a type there is not": header({"a": tensor([1], 0, 4, "PICKLE")}, after=b"1234"),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("file", ["weights.safetensors", "held_out.safetensors", "reference.safetensors"])
def test_hostile_headers_are_refused(saved: Path, file: str, content: bytes) -> None:
    forged(saved, file, content)
    with pytest.raises(ArtifactError, match=r"damaged|does not fit"):
        injerto.load(saved)


def test_a_name_that_is_a_path_is_a_name(saved: Path) -> None:
    forged(saved, "weights.safetensors", header({"../../body": tensor([1], 0, 4)}, after=b"1234"))
    with pytest.raises(ArtifactError, match="does not fit the schema"):
        injerto.load(saved)
    assert not (saved.parent.parent / "body").exists()


class Trap:
    """Unpickled, it writes a file."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return os.mkdir, (str(self.place),)


def test_a_pickle_in_any_place_is_never_opened_as_one(saved: Path, tmp_path: Path) -> None:
    trap = tmp_path / "sprung"
    pickled = pickle.dumps(Trap(trap))
    pickle.loads(pickled)  # the trap works
    trap.rmdir()
    # Without one: what is beside a model is not looked at.
    (saved / "model.pkl").write_bytes(pickled)
    (saved / "pytorch_model.bin").write_bytes(pickled)
    injerto.load(saved)
    for file in [*SEALED, "held_out.safetensors", "reference.json", "reference.safetensors", "touches.jsonl", "injerto.json"]:
        before = (saved / file).read_bytes() if (saved / file).exists() else b""
        marks = (saved / "injerto.json").read_bytes()
        if file == "injerto.json":
            (saved / file).write_bytes(pickled)
        else:
            (saved / file).touch()
            forged(saved, file, pickled)
        with suppress(ArtifactError):
            injerto.load(saved)
        assert not trap.exists(), file
        (saved / file).write_bytes(before)
        (saved / "injerto.json").write_bytes(marks)


@pytest.mark.parametrize("file", [*SEALED, "held_out.safetensors", "card.md", "injerto.json", "report.html"])
def test_a_link_out_of_the_folder_is_not_followed(saved: Path, tmp_path: Path, file: str) -> None:
    private = tmp_path / "private"
    content = (saved / file).read_bytes() if (saved / file).exists() else b"secret"
    private.write_bytes(content)
    (saved / file).unlink(missing_ok=True)
    (saved / file).symlink_to(private)
    with pytest.raises(ArtifactError, match=rf"{file} in '.*' is a link to something outside of the folder.*cp -rL"):
        injerto.load(saved)


def test_a_link_within_the_folder_and_a_link_to_the_folder_are_fine(saved: Path, tmp_path: Path) -> None:
    (saved / "card.md").rename(saved / "blob")
    (saved / "card.md").symlink_to("blob")
    (tmp_path / "here").symlink_to(saved)
    assert injerto.load(tmp_path / "here").predict(birds(5)).answers.height == 5


@pytest.mark.parametrize("target", ["nowhere", "card.md"], ids=["to nothing", "to itself"])
def test_a_link_that_leads_nowhere_is_refused(saved: Path, target: str) -> None:
    (saved / "card.md").unlink()
    (saved / "card.md").symlink_to(target)
    with pytest.raises(ArtifactError, match=r"card\.md"):
        injerto.load(saved)


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes among files there")
@pytest.mark.parametrize("file", ["weights.safetensors", "evidence.json", "card.md"])
def test_a_pipe_is_not_waited_for(saved: Path, file: str) -> None:
    (saved / file).unlink()
    os.mkfifo(saved / file)
    with pytest.raises(ArtifactError, match="is no file, but a device or a pipe"):
        injerto.load(saved)


def test_what_an_export_shares_is_never_a_file_of_the_readers_own(saved: Path, tmp_path: Path) -> None:
    """The folder was opened, and changed since: the export is made of what was read, not of what lies there now."""
    model = injerto.load(saved)
    (tmp_path / "secret").write_text("-----BEGIN PRIVATE KEY-----")
    (saved / "card.md").unlink()
    (saved / "card.md").symlink_to(tmp_path / "secret")
    export_hub(model.artifact, tmp_path / "hub")
    assert not any(b"PRIVATE KEY" in path.read_bytes() for path in (tmp_path / "hub").iterdir())


PATHS = ["../../../etc/passwd", "/etc/passwd", "..\\..\\secret", "file:///etc/passwd"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("key", ["backbone", "column", "target"])
def test_a_path_in_what_is_declared_opens_nothing(saved: Path, path: str, key: str) -> None:
    declared = (saved / "schema.toml").read_text()
    changed = {
        "backbone": declared + f'\n[inputs.photo]\nkind = "image"\nbackbone = ["{path!s}"]\n'.replace("\\", "\\\\"),
        "column": declared.replace("mass_g", json.dumps(path)),
        "target": declared.replace("[targets.species]", f"[targets.{json.dumps(path)}]"),
    }[key]
    assert changed != declared
    forged(saved, "schema.toml", changed.encode())
    opened: list[str] = []
    sys.addaudithook(lambda event, told: opened.append(str(told[0])) if event == "open" else None)
    with pytest.raises(ArtifactError):
        injerto.load(saved)
    outside = [one for one in opened if "passwd" in one or "secret" in one]
    assert not outside
    assert any(one.endswith("schema.toml") for one in opened)  # the hook sees


@pytest.mark.parametrize("text", ["x = " + "[" * 100_000, "x = " + "{a=" * 50_000], ids=["lists", "tables"])
def test_deep_toml_is_a_sentence(saved: Path, text: str) -> None:
    with pytest.raises(SchemaError, match="is not valid TOML"):
        Schema.from_toml(text)
    forged(saved, "schema.toml", text.encode())
    with pytest.raises(ArtifactError, match="is not valid TOML"):
        injerto.load(saved)


@pytest.mark.parametrize("file", ["evidence.json", "features.json", "reference.json", "injerto.json"])
def test_json_of_too_many_values_is_refused_before_it_is_read(saved: Path, file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreign, "VALUES", 5000)
    text = "[" + "[]," * 5000 + "0]"
    if file == "injerto.json":
        (saved / file).write_text(text)
    else:
        forged(saved, file, text.encode())
        json.loads(text)  # nothing is wrong with it but its size
    with pytest.raises(ArtifactError, match=f"{file} holds more than 5,000 values"):
        injerto.load(saved)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no limits of memory there")
def test_text_of_a_gigabyte_is_refused_in_little_memory(saved: Path) -> None:
    copies = []
    for file, size in (("evidence.json", 2**30), ("injerto.json", 2**30), ("schema.toml", 2**28)):
        copies.append(shutil.copytree(saved, saved.parent / file))
        (copies[-1] / file).unlink()
        with (copies[-1] / file).open("wb") as large:
            large.truncate(size)  # takes no place on the disk
        if file != "injerto.json":
            facts = json.loads((copies[-1] / "injerto.json").read_text())
            facts["sha256"][file] = sha256_of(copies[-1] / file)
            (copies[-1] / "injerto.json").write_text(json.dumps(facts))
    assert in_little_memory([str(copy) for copy in copies]) == ["evidence.json", "injerto.json", "schema.toml"]


def test_splits_that_unfold_to_a_billion_rows_are_refused(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreign, "ROWS", 1_000_000)
    packed = pl.DataFrame({"row": pl.repeat(0, 2_000_000, dtype=pl.Int64, eager=True), "part": ["train"] * 2_000_000})
    packed.write_parquet(saved / "splits.parquet")
    content = (saved / "splits.parquet").read_bytes()
    assert len(content) < 100_000
    forged(saved, "splits.parquet", content)
    with pytest.raises(ArtifactError, match=r"splits\.parquet has 2,000,000 rows"):
        injerto.load(saved)


LOADS = """
import resource, sys
resource.setrlimit(resource.RLIMIT_DATA, (3 * 2**30, 3 * 2**30))  # torch alone takes a good part of it
import injerto
for folder in sys.argv[1:]:
    try:
        injerto.load(folder)
    except injerto.errors.ArtifactError as slip:
        print(next(file for file in ("evidence.json", "injerto.json", "schema.toml") if f"{file} has " in str(slip)))
"""


def in_little_memory(folders: list[str]) -> list[str]:
    """Which file of each folder a process with little memory says to be too large."""
    run = subprocess.run([sys.executable, "-c", LOADS, *folders], capture_output=True, text=True, timeout=300, check=True)
    return run.stdout.split()
