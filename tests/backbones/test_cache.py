import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from injerto.backbones.cache import VectorCache, default_folder

WRITER = """
import sys
import numpy as np
from injerto.backbones.cache import VectorCache
cache = VectorCache(sys.argv[1])
for number in range(int(sys.argv[2]), int(sys.argv[3])):
    cache.keep({number.to_bytes(16, "big"): np.full(1280, number, dtype=np.float32)})
    print(number, flush=True)
assert not cache.trouble, cache.trouble
"""


def some(count: int, width: int = 7) -> dict[bytes, np.ndarray]:
    generator = np.random.default_rng(0)
    return {bytes([number]) * 16: generator.normal(size=width).astype(np.float32) for number in range(count)}


def same(found: dict[bytes, np.ndarray], expected: dict[bytes, np.ndarray]) -> bool:
    return found.keys() == expected.keys() and all(np.array_equal(found[key], expected[key]) for key in expected)


def test_what_was_kept_is_found_by_another_process_of_the_same_folder(tmp_path: Path) -> None:
    vectors = some(3)
    with VectorCache(tmp_path / "new" / "folder") as cache:
        cache.keep(vectors)
        cache.keep_digests({"/a.jpg": (b"stamp", b"digest")})
        assert same(cache.vectors([*vectors, b"unknown"]), vectors)
    with VectorCache(tmp_path / "new" / "folder") as again:
        assert same(again.vectors(list(vectors)), vectors)
        assert again.digests({"/a.jpg": b"stamp", "/b.jpg": b"stamp"}) == {"/a.jpg": b"digest"}
        assert again.digests({"/a.jpg": b"later"}) == {}
        assert again.trouble == ""


def test_more_keys_than_one_query_takes(tmp_path: Path) -> None:
    vectors = {number.to_bytes(16, "big"): np.array([number], dtype=np.float32) for number in range(1300)}
    with VectorCache(tmp_path) as cache:
        cache.keep(vectors)
        assert same(cache.vectors(list(vectors)), vectors)


def test_a_flipped_bit_is_noticed(tmp_path: Path) -> None:
    vectors = some(2)
    with VectorCache(tmp_path) as cache:
        cache.keep(vectors)
    damaged, whole = list(vectors)
    with sqlite3.connect(tmp_path / "vectors.sqlite") as raw:
        content = bytearray(vectors[damaged].tobytes())
        content[5] ^= 0b00100000
        raw.execute("UPDATE vectors SET vector = ? WHERE key = ?", (bytes(content), damaged))
    raw.close()
    with VectorCache(tmp_path) as cache:
        assert same(cache.vectors([damaged, whole]), {whole: vectors[whole]})
        cache.keep(vectors)  # computed again, it is whole again
        assert same(cache.vectors([damaged, whole]), vectors)


@pytest.mark.parametrize("garbage", [b"this is no database at all", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_ruined_file_is_set_aside(tmp_path: Path, garbage: bytes) -> None:
    (tmp_path / "vectors.sqlite").write_bytes(garbage)
    with VectorCache(tmp_path) as cache:
        assert "was damaged and has been set aside" in cache.trouble
        vectors = some(1)
        cache.keep(vectors)
        assert same(cache.vectors(list(vectors)), vectors)
    assert (tmp_path / "vectors.damaged").read_bytes() == garbage


def test_a_full_disk_stops_the_writing_not_the_work(tmp_path: Path) -> None:
    vectors = some(1)
    with VectorCache(tmp_path) as cache:
        cache.keep(vectors)
        assert cache._open is not None
        pages = cache._open.execute("PRAGMA page_count").fetchone()[0]
        cache._open.execute(f"PRAGMA max_page_count={pages}")  # SQLite then answers as on a full disk
        cache.keep({b"large": np.zeros(200_000, dtype=np.float32)})
        assert "full" in cache.trouble
        assert "goes on without" in cache.trouble
        assert same(cache.vectors(list(vectors)), vectors)  # what is there can still be read
        cache.keep({b"more": np.zeros(200_000, dtype=np.float32)})
        assert cache.vectors([b"more"]) == {}


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    cache = VectorCache(tmp_path / "file")
    assert "cannot be used" in cache.trouble
    cache.keep(some(1))
    assert cache.vectors(list(some(1))) == {}
    assert cache.digests({"/a": b""}) == {}


def test_two_writers_at_once_and_a_kill_in_the_middle(tmp_path: Path) -> None:
    def start(first: int, last: int) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", WRITER, str(tmp_path), str(first), str(last)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    whole, killed = start(0, 150), start(1000, 1_000_000)
    assert killed.stdout is not None
    said = [int(killed.stdout.readline()) for _ in range(20)]
    killed.send_signal(signal.SIGKILL)
    said += [int(line) for line in killed.stdout.read().split()]
    killed.stdout.close()
    killed.wait()
    assert whole.stdout is not None
    told = [int(line) for line in whole.stdout.read().split()]
    whole.stdout.close()
    assert whole.wait() == 0
    assert told == list(range(150))
    with VectorCache(tmp_path) as cache:
        found = cache.vectors([number.to_bytes(16, "big") for number in told + said])
        assert cache.trouble == ""
    assert len(found) == len(told) + len(said)
    assert all((vector == int.from_bytes(key, "big")).all() for key, vector in found.items())


def test_the_setting_names_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INJERTO_CACHE", str(tmp_path / "mine"))
    assert default_folder() == tmp_path / "mine"
    with VectorCache() as cache:
        assert cache.file == tmp_path / "mine" / "vectors.sqlite"
    monkeypatch.delenv("INJERTO_CACHE")
    assert "injerto" in str(default_folder())
