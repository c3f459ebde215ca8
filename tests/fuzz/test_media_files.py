"""Files that lie go through every door: decoded or refused, nothing else. All 20,000 of them: benchmarks/fuzz_media.py."""

import sys
from itertools import pairwise
from pathlib import Path

import media_watch
import pytest
from media_mutations import mutated
from media_parts import FORMATS
from media_seeds import made_seeds
from media_watch import Watched, watched

FILES = 60
"""Of each format."""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory and processor time are read from /proc")
@pytest.mark.parametrize("part", [list(FORMATS)[start::3] for start in range(3)], ids=["one", "two", "three"])
def test_no_file_is_anything_but_decoded_or_refused(part: list[str], tmp_path: Path) -> None:
    files = [(f"seed{number}.{ending}", seed) for ending in part for number, seed in enumerate(made_seeds(ending))]
    files += [(f"{number}.{ending}", mutated(ending, made_seeds(ending), number)) for ending in part for number in range(FILES)]
    told = {}
    for name, content, outcome in watched(iter(files), tmp_path):
        assert outcome.fine, f"{name}, {len(content)} bytes: {outcome.told}: {outcome.wrong}"
        told[name] = outcome.told
    assert {told[name] for name in told if name.startswith("seed")} <= {"photo", "sound"}, told
    assert list(told.values()).count("refused") > FILES * len(part) / 4, "changes that change nothing"


@pytest.mark.parametrize("ending", FORMATS)
def test_parts_are_the_file_and_whole_files_are_sealed(ending: str) -> None:
    format = FORMATS[ending]
    for seed in made_seeds(ending):
        parts = format.split(seed)
        assert b"".join(parts) == seed
        assert b"".join(format.seal(part) for part in parts) == seed
        assert all(format.places(part) is not None for part in parts)


@pytest.mark.parametrize("ending", FORMATS)
def test_the_same_number_is_the_same_file(ending: str) -> None:
    seeds = made_seeds(ending)
    made = [mutated(ending, seeds, number) for number in range(40)]
    assert made == [mutated(ending, seeds, number) for number in range(40)]
    assert sum(one != other for one, other in pairwise(made)) >= 38
    assert sum(one not in seeds for one in made) >= 35
    assert mutated(ending, seeds, 3, seed=1) != made[3]


DOORS = """
import sys, time, os, json
for line in sys.stdin:
    what = line.split("/")[-1].strip()
    if what == "crash": os.abort()
    if what == "exit": sys.exit(7)
    while what == "hang": pass
    if what == "trace": print("Traceback (most recent call last)", file=sys.stderr, flush=True)
    if what == "note": print("[src/libmpg123/layer3.c] error: ...", file=sys.stderr, flush=True)
    grown = (2000 if what == "large" else 20) * 1024**2
    wrong = "KeyError" if what == "raise" else ""
    print(json.dumps({"told": "sound", "wrong": wrong, "seconds": 0.1, "grown": grown}), flush=True)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="processor time is read from /proc")
def test_whoever_looks_on_sees_all_that_may_go_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "doors.py").write_text(DOORS)
    monkeypatch.setattr(media_watch, "_DOORS", tmp_path / "doors.py")
    monkeypatch.setattr(media_watch, "MOST_SECONDS", 0.3)
    with Watched(tmp_path) as process:
        seen = {
            what: process.read(tmp_path / what) for what in ("crash", "fine", "exit", "hang", "trace", "note", "large", "raise")
        }
    assert {what for what, outcome in seen.items() if outcome.fine} == {"fine", "note"}
    assert seen["crash"].wrong.startswith("SIGABRT")
    assert seen["exit"].wrong.startswith("exit 7")
    assert seen["hang"].told == "hung"
    assert seen["large"].wrong == "2,000 MiB more than an idle process"
    assert seen["note"].spoke and not seen["fine"].spoke
