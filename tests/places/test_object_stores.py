"""Tables, photos and recordings of a store through the doors that a person uses: the same answers as from the disk."""

from __future__ import annotations

import gzip
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from made_workbook import workbook
from moto.moto_server.werkzeug_app import DomainDispatcherApplication

import injerto
from injerto.backbones.cache import VectorCache
from injerto.backbones.stamps import stamp_of, stamps_of
from injerto.errors import ArtifactError, ListeningError, OutputError, TableError, TableNotFoundError
from injerto.places import stores
from injerto.places.address import Address
from injerto.places.ahead import THREADS, ahead
from injerto.places.spool import SPOOL, Spool
from injerto.table.media import media_bytes
from made_ears import clips, listener, recording, write
from said import caller
from small import birds, photo_folder

Upload = Callable[[Path], str]


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    return lambda verb, *given: caller(capsys, monkeypatch, verb)(*given)


@pytest.fixture(scope="module")
def ears(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("ears")
    return listener(place / "clips").save(place / "tones.model")


@pytest.mark.parametrize("ending", ["csv", "tsv", "parquet", "arrow", "json", "csv.gz"])
def test_a_table_of_any_kind_is_the_one_on_the_disk(store: Upload, tmp_path: Path, ending: str) -> None:
    frame, place = pl.DataFrame({"name": ["ant", "bee"], "mass": [1.5, 2.5]}), tmp_path / f"table.{ending}"
    write_as = {
        "csv": lambda: frame.write_csv(place),
        "tsv": lambda: frame.write_csv(place, separator="\t"),
        "parquet": lambda: frame.write_parquet(place),
        "arrow": lambda: frame.write_ipc(place),
        "json": lambda: frame.write_json(place),
        "csv.gz": lambda: place.write_bytes(gzip.compress(frame.write_csv().encode())),
    }
    write_as[ending]()
    found = injerto.Table.read(store(place))
    assert found.frame.equals(injerto.Table.read(place).frame)
    assert found.name == "table"


def test_a_sheet_of_a_workbook(store: Upload, web: str, tmp_path: Path) -> None:
    file = workbook(tmp_path / "site" / "field.xlsx", {"first": [["a"], [1]], "nests": [["name", "mass"], ["ant", 2.5]]})
    for address in (store(file), f"{web}/field.xlsx"):
        assert injerto.Table.read(address).columns == ["a"]
        assert injerto.Table.read(f"{address}#nests").frame.rows() == [("ant", 2.5)]


def test_a_folder_of_class_folders(store: Upload, tmp_path: Path) -> None:
    folder = photo_folder(tmp_path / "leaves", each=2)
    (folder / "yellow").mkdir()
    (folder / "yellow" / "notes.txt").write_text("none yet")
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "a.png").write_bytes(b"x")
    there, here = injerto.Table.read(store(folder) + "/"), injerto.Table.read(folder)
    assert there.frame.equals(here.frame)
    assert there.notes == here.notes
    assert there.name == "field"


@pytest.mark.slow
def test_training_on_a_store_is_as_on_the_disk(store: Upload, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INJERTO_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "field"
    clips(folder / "sounds", each=8).with_columns(file="sounds/" + pl.col("file")).write_csv(folder / "clips.csv")
    there = store(folder) + "/clips.csv"
    draft = injerto.declare(injerto.Table.read(there), injerto.Wishes(targets=["label"]))
    heard = draft.inputs["file"].model_copy(update={"backbone": "small_cnn", "clip_seconds": 0.5})
    training = draft.training.model_copy(update={"mode": "probe", "epochs": 2})
    schema = draft.model_copy(update={"inputs": {"file": heard}, "training": training})
    before = SPOOL.fetched
    far, near = (injerto.train(table, schema=schema, seed=1) for table in (there, folder / "clips.csv"))
    assert SPOOL.fetched <= before + 24, "each file once, and the table, which was read before, from its copy"
    assert len(far.ledger) == 0
    assert far.predict(there).frame.equals(near.predict(folder / "clips.csv").frame)


def test_answers_on_a_store_are_those_on_the_disk(ears: Path, store: Upload, tmp_path: Path, shell: Callable[..., Any]) -> None:
    folder = tmp_path / "field"
    clips(folder, each=4).write_csv(folder / "clips.csv")
    there, here = store(folder) + "/clips.csv", folder / "clips.csv"
    for verb, *options in (
        ["predict", "--out", tmp_path / "a.csv", "--force", "--json"],
        ["evaluate", "--json"],
        ["drift", "--json"],
        ["explain", "--row", "3", "--json"],
    ):
        far, near = (shell(verb, ears, table, *options) for table in (there, here))
        assert far.code == near.code in (0, 4), far.err
        unlike = {"table": "", "looks": "", "notes": ""}  # a look at test rows is counted, and this is another one
        assert json.loads(far.out) | unlike == json.loads(near.out) | unlike


def test_check_lists_what_a_store_lacks_and_goes_on(store: Upload, tmp_path: Path, shell: Callable[..., Any]) -> None:
    folder = photo_folder(tmp_path / "leaves", each=6)
    table = injerto.Table.read(folder).frame
    (folder / "green" / "03.png").unlink()
    table.write_csv(folder / "leaves.csv")
    said = shell("check", store(folder) + "/leaves.csv", "--target", "class", "--json")
    assert said.code == 3, said.err
    assert json.loads(said.out)["unreadable"] == [
        {"row": 3, "column": "file", "file": "green/03.png", "reason": "no such file"}
    ]


def test_a_table_here_names_files_there(store: Upload, web: str, tmp_path: Path) -> None:
    folder = photo_folder(tmp_path / "leaves", each=1)
    address = store(folder)
    (folder / "red" / "00.png").rename(tmp_path / "site" / "red one.png")
    table = injerto.Table.of({"photo": [f"{address}/green/00.png", f"{web}/red%20one.png", "green/00.png"]}, folder=folder)
    column = table.column("photo")
    green, red, again = (media_bytes(column.cell(row), column.folder) for row in range(3))
    assert green == again != red
    assert red == (tmp_path / "site" / "red one.png").read_bytes()
    assert injerto.declare(table.take(table.rows[[0, 2]]), injerto.Wishes()).inputs["photo"].kind == "image"


def test_the_web_has_tables_and_their_files_but_no_folders(web: str, tmp_path: Path) -> None:
    folder = photo_folder(tmp_path / "site" / "leaves", each=2)
    injerto.Table.read(folder).frame.write_csv(folder / "leaves.csv")
    table = injerto.Table.read(f"{web}/leaves/leaves.csv?download=1")
    column = table.column("file")
    assert [media_bytes(cell, column.folder) for cell in column.values] == [
        (folder / name).read_bytes() for name in column.values
    ]
    with pytest.raises(TableError, match="a web server does not say what lies in a folder"):
        injerto.Table.read(f"{web}/leaves/")
    with pytest.raises(TableError, match=r"none\.csv cannot be read: no such file"):
        injerto.Table.read(f"{web}/none.csv")


def test_listening_to_a_store(ears: Path, store: Upload, tmp_path: Path, shell: Callable[..., Any]) -> None:
    folder = tmp_path / "recordings"
    write(folder / "north" / "a.wav", recording(10.0, [(2.0, 4.0, "low"), (6.0, 8.0, "high")]))
    write(folder / "b.wav", recording(6.0, [(1.0, 3.0, "low")]))
    (folder / "notes.txt").write_text("rain")
    there = store(folder)
    said = shell("listen", ears, there, "--out", tmp_path / "there.csv", "--json")
    assert said.code == 0, said.err
    assert shell("listen", ears, folder, "--out", tmp_path / "here.csv", "--json").code == 0
    here, found = (pl.read_csv(tmp_path / f"{name}.csv") for name in ("here", "there"))
    assert found.drop("recording").sort("start_s", "end_s").equals(here.drop("recording").sort("start_s", "end_s"))
    assert set(found["recording"]) == {f"{there}/north/a.wav", f"{there}/b.wav"}
    with pytest.raises(ListeningError, match="There is no file or folder at 's3://"):
        injerto.load(ears).listen(there + "/none")


def test_known_vectors_need_no_file(store: Upload, tmp_path: Path) -> None:
    folder = photo_folder(tmp_path / "leaves", each=3)
    table = injerto.Table.read(store(folder))
    before = SPOOL.fetched
    told = stamps_of(table.column("file").values, table.folder)
    assert all(one is not None for one in told)
    assert SPOOL.fetched == before, "a store is asked, nothing is fetched"
    with VectorCache(tmp_path / "cache") as cache:
        cache.keep_digests({path: (stamp, b"digest") for path, stamp in told if path.endswith("red/00.png")})
        assert list(cache.digests(dict(told)).values()) == [b"digest"]


def test_a_file_that_was_replaced_is_another(store: Upload, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.bin").write_bytes(b"one")
    address = store(tmp_path / "a.bin")
    spool, before = Spool(), stamp_of(address, tmp_path)
    assert spool.local(Address(address)).read_bytes() == b"one"
    stores._opened("s3", os.getpid()).pipe(address, b"two")
    assert spool.local(Address(address)).read_bytes() == b"one", "within one run a file is what it was"
    monkeypatch.setattr("injerto.places.spool.BELIEVED_S", 0.0)
    assert spool.local(Address(address)).read_bytes() == b"two"
    assert stamp_of(address, tmp_path) != before, "and what is kept of it is not taken for that of the old one"
    fetched = spool.fetched
    assert spool.local(Address(address)).read_bytes() == b"two"
    assert spool.fetched == fetched, "the store said that it is the same"


def test_copies_are_bounded(store: Upload, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(8):
        (tmp_path / "field").mkdir(exist_ok=True)
        (tmp_path / "field" / f"{number}.bin").write_bytes(bytes(100_000))
    folder, spool = Address(store(tmp_path / "field")), Spool()
    monkeypatch.setenv("INJERTO_SPOOL_GB", "0.0003")
    monkeypatch.setattr("injerto.places.spool.AT_REST_S", 0.0)
    kept = [spool.local(folder / f"{number}.bin") for number in range(8)]
    assert [path.exists() for path in kept] == [False] * 5 + [True] * 3
    assert spool.local(folder / "0.bin").stat().st_size == 100_000, "what had to go is fetched again"


def test_files_come_many_at_once(store: Upload, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every request waits, as a store far away answers: what counts is how many wait at the same time."""
    (tmp_path / "field").mkdir()
    for number in range(32):
        (tmp_path / "field" / f"{number}.bin").write_bytes(bytes([number]))
    folder, answer = Address(store(tmp_path / "field")), DomainDispatcherApplication.__call__
    waiting, most = [0], [0]

    def late(self: Any, *given: Any) -> Any:
        waiting[0] += 1
        most[0] = max(most[0], waiting[0])
        time.sleep(0.1)
        waiting[0] -= 1
        return answer(self, *given)

    monkeypatch.setattr(DomainDispatcherApplication, "__call__", late)
    rows = ahead(range(32), lambda number: folder / f"{number}.bin")
    read = [SPOOL.local(folder / f"{row}.bin").read_bytes() for row in rows]
    assert read == [bytes([number]) for number in range(32)]
    assert most[0] >= THREADS // 2


@pytest.mark.usefixtures("store")
def test_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(TableNotFoundError, match=r"There is no table s3://no-such-bucket-here/a\.csv: the store has no file"):
        injerto.Table.read("s3://no-such-bucket-here/a.csv")
    with pytest.raises(TableError, match="addresses of hdfs:// are not read"):
        injerto.Table.read("hdfs://node/a.csv")


def test_without_credentials_it_says_what_to_set(
    store: Upload, forgetful: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    address = store(tmp_path / "a.csv")
    stores._opened.cache_clear()
    type(stores._opened("s3", 0)).clear_instance_cache()
    stores._opened.cache_clear()
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    with pytest.raises(TableError, match=r"no credentials for S3 were found: set AWS_ACCESS_KEY_ID"):
        injerto.Table.read(address)


def test_without_the_packages_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object, **__: object) -> Any:
        raise ImportError("no s3fs", name="s3fs")

    stores._opened.cache_clear()
    monkeypatch.setattr("fsspec.filesystem", missing)
    with pytest.raises(TableError, match=r"\(s3fs\): run pip install 'injerto\[cloud\]'"):
        injerto.Table.read("s3://birds/a.csv")
    stores._opened.cache_clear()


def test_nothing_is_written_to_an_address(shell: Callable[..., Any], tmp_path: Path, ears: Path) -> None:
    birds(40).write_csv(tmp_path / "birds.csv")
    said = shell("train", tmp_path / "birds.csv", "--target", "species", "--out", "s3://birds/my.model")
    assert said.code == 1
    assert "'s3://birds/my.model' is an address, and nothing is written there." in said.err
    said = shell("predict", ears, tmp_path / "birds.csv", "--out", "gs://birds/a.csv")
    assert "then copy it, for example with 'gcloud storage cp" in said.err
    with pytest.raises(OutputError, match="is an address"):
        injerto.load(ears).save("s3://birds/my.model")
    with pytest.raises(ArtifactError, match=r"is an address\. Models are opened on this machine: copy the whole folder here"):
        injerto.load("s3://birds/my.model")


def test_closed_no_address_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INJERTO_ADDRESSES", "closed")
    with pytest.raises(OSError, match="no address is opened here"):
        media_bytes("https://127.0.0.1:9/a.png", tmp_path)


@pytest.mark.parametrize("ending", [".parquet", ".csv.gz"])
def test_a_table_too_long_for_memory_is_read_piece_by_piece(store: Upload, tmp_path: Path, ending: str) -> None:
    frame, here = birds(400), tmp_path / f"birds{ending}"
    frame.write_parquet(here) if ending == ".parquet" else here.write_bytes(gzip.compress(frame.write_csv().encode()))
    there = store(here)
    long, local = (injerto.open_table(place, memory="10kB") for place in (there, here))
    assert isinstance(long, injerto.LongTable) and isinstance(local, injerto.LongTable)
    assert long.name == "birds" and str(long.folder) == there.rpartition("/")[0]
    assert pl.concat([piece.frame for piece in long.pieces()]).equals(pl.concat([piece.frame for piece in local.pieces()]))
    with pytest.raises(TableError, match=r"nothing\.parquet"):
        injerto.open_table(f"{there.rpartition('/')[0]}/nothing.parquet", memory="10kB")
