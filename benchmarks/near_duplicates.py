"""Near-duplicates planted among real photos and sounds, one row in ten: how many are found, and how many others are joined?

Photos are recompressed, cropped by 5 % of each side at a place drawn, or brightened by 20 to 50 % until they clip; sounds
start 0.3 s later or earlier, softer, compressed again. Then the same sets as they are, where what is found is either a pair of
the set's own or false; and 100,000 thumbnails and prints of sounds made of real ones, for time and memory. "By thousands" are
sounds compared as more than 10,000 are, with all landmarks or with no more than a million sounds leave to each. The limits
were chosen on other draws (photos:
seed 0; sounds: every fourth clip, which is left out here).

    python benchmarks/near_duplicates.py --data DATA
    python benchmarks/near_duplicates.py --parts many
"""

from __future__ import annotations

import argparse
import io
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import soundfile
from anonymous_memory import AnonymousMemory
from machine import machine
from made_clips import made_clips, own_clips
from PIL import Image

from injerto.table import kept_landmarks
from injerto.table.alike_pictures import SIDE
from injerto.table.clip_print import RATE_HZ, ClipPrint, clip_print
from injerto.table.many_clips import many_clip_pairs
from injerto.table.media import read_pixels, read_samples
from injerto.table.near_clips import near_clip_pairs
from injerto.table.near_duplicates import near_duplicate_pairs, photo_hash
from injerto.table.table import Table

HERE = Path(".")
DRAWS = range(11, 21)
MOVED_SECONDS = 0.3
MANY = 100_000
PIECE_SECONDS = 2
LEAST_PEAKS = 20
"""Sounds are made of prints with more peaks, and more frames."""
WHALES = 2_000
QUIET = 1e-3
"""A half with less of the power is silence: many clips are filled up with it."""

Random = np.random.Generator
Pairs = tuple[np.ndarray, np.ndarray, np.ndarray]


def jpeg(pixels: np.ndarray, quality: int) -> bytes:
    """Pixels (H,W,3) uint8 as a file."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=quality)
    return file.getvalue()


def recompressed(pixels: np.ndarray, random: Random) -> bytes:
    """JPEG of quality 25 to 59."""
    return jpeg(pixels, int(random.integers(25, 60)))


def cropped(pixels: np.ndarray, random: Random) -> bytes:
    """A twentieth of each side is cut off, at a place drawn."""
    height, width = (round(0.05 * size) for size in pixels.shape[:2])
    top, left = random.integers(0, height + 1), random.integers(0, width + 1)
    return jpeg(pixels[top : pixels.shape[0] - height + top, left : pixels.shape[1] - width + left], 90)


def brightened(pixels: np.ndarray, random: Random) -> bytes:
    """Levels times 1.2 to 1.5, cut at 255."""
    return jpeg(np.clip(pixels * random.uniform(1.2, 1.5), 0, 255).astype(np.uint8), 90)


PHOTO_WAYS: dict[str, Callable[[np.ndarray, Random], bytes]] = {
    "recompressed": recompressed,
    "cropped 5 %": cropped,
    "brightened": brightened,
}


def ogg(samples: np.ndarray, rate_hz: int) -> bytes:
    """Samples (n,) as a file, at about 64 kbit/s."""
    file = io.BytesIO()
    soundfile.write(file, samples, rate_hz, format="OGG", subtype="VORBIS", compression_level=0.6)
    return file.getvalue()


def moved(samples: np.ndarray, random: Random) -> bytes:
    """Started 0.3 s later or earlier, filled up with silence, softer, compressed again."""
    away = round(MOVED_SECONDS * RATE_HZ)
    silence = np.zeros(away, dtype=np.float32)
    later = random.random() < 0.5
    shifted = np.concatenate([silence, samples[:-away]]) if later else np.concatenate([samples[away:], silence])
    return ogg(shifted * np.float32(random.uniform(0.4, 1)), RATE_HZ)


def half_over(samples: np.ndarray, random: Random) -> bytes:
    """The second half alone: a clip that overlaps by half."""
    return ogg(samples[len(samples) // 2 :] * np.float32(random.uniform(0.4, 1)), RATE_HZ)


def hash_of(cell: object) -> np.ndarray | None:
    """What the product keeps of a photo."""
    return photo_hash(read_pixels(cell, HERE, shortest=64))


def print_of(cell: object) -> ClipPrint | None:
    """What the product keeps of a sound."""
    return clip_print(read_samples(cell, HERE, rate_hz=RATE_HZ))


def planted(
    name: str,
    files: Sequence[str],
    ways: dict[str, Callable[[np.ndarray, Random], bytes]],
    read: Callable[[str], np.ndarray],
    keep: Callable[[object], object],
    pairs: Callable[[Sequence[object]], Pairs],
) -> None:
    """A line a way: in each draw another tenth of the files is changed so and put among them."""
    own = [keep(file) for file in files]
    before = {(one, other) for one, other in zip(*(part.tolist() for part in pairs(own)[:2]), strict=True)}
    for way, change in ways.items():
        found = wanted = false = every = listed = 0
        for seed in DRAWS:
            random = np.random.default_rng(seed)
            chosen = random.choice(len(files), len(files) // 10, replace=False).tolist()
            copies = [keep(change(read(files[row]), random)) for row in chosen]
            first, second, _ = pairs([*own, *copies])
            truth = {(row, len(own) + place) for place, row in enumerate(chosen)}
            # What is alike in the set itself, or a copy of its like, is no mistake of this draw.
            related = before | {(other, len(own) + chosen.index(one)) for one, other in before if one in chosen}
            related |= {(one, len(own) + chosen.index(other)) for one, other in before if other in chosen}
            told = set(zip(first.tolist(), second.tolist(), strict=True))
            found, wanted, listed = found + len(told & truth), wanted + len(truth), listed + len(told)
            false += len(told - truth - related)
            every += (len(own) + len(copies)) * (len(own) + len(copies) - 1) // 2
        print(
            f"| {name} | {way} | {found} of {wanted} ({found / wanted:.2%}) | {false} of {listed} | {false} of {every:,} |",
            flush=True,
        )


def untouched(
    name: str, groups: Sequence[str], prints: Sequence[object], pairs: Callable[[Sequence[object]], Pairs], seconds: float
) -> None:
    """A line: what is found in a set as it is, and in how many of the pairs both rows have one of `groups`."""
    started = time.process_time()
    first, second, _ = pairs(prints)
    seconds_pairs = time.process_time() - started
    same = sum(groups[one] == groups[other] for one, other in zip(first.tolist(), second.tolist(), strict=True))
    count = len(prints)
    print(
        f"| {name} | {count:,} | {len(first)} | {same} | {len(first) - same} of {count * (count - 1) // 2:,} | {seconds:.1f} | "
        f"{seconds_pairs:.1f} |",
        flush=True,
    )


def many_thumbnails(hashes: Sequence[np.ndarray], random: Random) -> tuple[list[np.ndarray], int]:
    """MANY thumbnails, each of two real ones cut, mirrored and mixed; one in eleven is a copy, moved and lighter."""
    real = np.stack(hashes).reshape(-1, SIDE, SIDE)
    copies = MANY // 11
    made = []
    for _ in range(MANY - copies):
        mixed = np.zeros((SIDE, SIDE), dtype=np.float32)
        for weight in (0.65, 0.35):
            size = int(random.integers(18, SIDE + 1))
            top, left = random.integers(0, SIDE - size + 1, 2)
            piece = real[random.integers(len(real)), top : top + size, left : left + size][:, :: random.choice([1, -1])]
            mixed += weight * np.asarray(
                Image.fromarray(np.ascontiguousarray(piece)).resize((SIDE, SIDE), Image.Resampling.BILINEAR)
            )
        made.append(mixed.ravel())
    for row in random.choice(len(made), copies, replace=False):
        lighter = np.clip(np.roll(made[row].reshape(SIDE, SIDE), 1, axis=1) * random.uniform(1, 1.3), 0, 255)
        made.append((lighter + random.normal(0, 1, lighter.shape)).astype(np.float32).ravel())
    return made, copies


def timed(files: Sequence[object], keep: Callable[[object], object]) -> tuple[list[object], float]:
    """What is kept of files, and the seconds of one core."""
    started = time.process_time()
    return [keep(file) for file in files], time.process_time() - started


def main() -> None:
    """Plant, find, count, time."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "data")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    chosen = parser.parse_args()
    print(machine())
    for part in chosen.parts:
        print(flush=True)
        PARTS[part](chosen.data)


def all_planted(data: Path) -> None:
    """Copies among the photos and sounds of one set."""
    photos = sorted(map(str, (data / "ants_bees").rglob("*.jpg")))
    clips = [str(data / "esc10" / name) for name in Table.read(data / "esc10/clips.csv").frame["clip"]]
    others = [clip for place, clip in enumerate(sorted(clips)) if place % 4]
    print(f"| rows | planted | found | false, of the pairs listed | false, of all pairs |\n|{'---|' * 5}")
    planted("ants and bees", photos, PHOTO_WAYS, lambda file: read_pixels(file, HERE), hash_of, near_duplicate_pairs)
    samples = {clip: read_samples(clip, HERE, rate_hz=RATE_HZ) for clip in others}
    planted("ESC-10", others, {"moved 0.3 s": moved}, samples.__getitem__, print_of, near_clip_pairs)
    heard = [
        clip
        for clip in others
        if np.square(samples[clip][len(samples[clip]) // 2 :]).mean() > QUIET * np.square(samples[clip]).mean()
    ]
    planted("ESC-10", heard, {"second half, not silent": half_over}, samples.__getitem__, print_of, near_clip_pairs)
    for most, words in ((kept_landmarks.MOST, "by thousands"), (0, "by thousands, LOWEST landmarks")):
        kept_landmarks.MOST, kept_landmarks._AT_ONCE = most, 1
        planted("ESC-10", others, {f"moved 0.3 s, {words}": moved}, samples.__getitem__, print_of, many_clip_pairs)
        planted("ESC-10", heard, {f"second half, {words}": half_over}, samples.__getitem__, print_of, many_clip_pairs)


def all_untouched(data: Path) -> None:
    """Sets as they are."""
    columns = ("as they are", "rows", "pairs listed", "of one group", "others, of all pairs", "s to read", "s to compare")
    print(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}")
    for name, (files, groups) in _photo_sets(data).items():
        found, seconds = timed(files, hash_of)
        untouched(name, groups, found, near_duplicate_pairs, seconds)
    urban = Table.read(data / "urbansound/clips.csv")
    for name, (files, groups) in {
        "ESC-10 (the source)": _files(Table.read(data / "esc10/clips.csv"), data / "esc10", "clip", "source"),
        "UrbanSound8K, folds 1 and 2 (the recording)": _files(urban, data / "urbansound", "clip", "recording"),
    }.items():
        found, seconds = timed(files, print_of)
        untouched(name, groups, found, near_clip_pairs, seconds)
    pieces = list(_pieces(sorted((data / "soundscape").rglob("*.*"))))
    found, seconds = timed([samples for _, samples in pieces], clip_print)
    untouched(
        f"outdoors, pieces of {PIECE_SECONDS} s (the recording)", [name for name, _ in pieces], found, near_clip_pairs, seconds
    )


def all_many(data: Path) -> None:
    """The time it takes to compare very many."""
    hashes = [hash_of(file) for files, _ in _photo_sets(data).values() for file in files]
    many, copies = many_thumbnails([one for one in hashes if isinstance(one, np.ndarray)], np.random.default_rng(0))
    started, began = time.process_time(), time.perf_counter()
    first = near_duplicate_pairs(many)[0]
    seconds, by_the_clock = time.process_time() - started, time.perf_counter() - began
    print(
        f"{MANY:,} thumbnails with {copies:,} copies: {len(first):,} pairs, {seconds:.0f} s of processor time, "
        f"{by_the_clock:.0f} s by the clock."
    )
    many_sounds(data)


def many_sounds(data: Path) -> None:
    """Prints are made as they are asked for: their time is measured by itself and taken off."""
    names = {name: Table.read(data / name / "clips.csv").frame["clip"] for name in ("esc10", "urbansound")}
    found = [print_of(str(data / name / clip)) for name, clips in names.items() for clip in clips]
    real = [one for one in found if one is not None and len(one.frames) > LEAST_PEAKS and len(one.detail) > LEAST_PEAKS]
    started = time.process_time()
    making = sum(1 for _ in made_clips(real, MANY // 20))
    making_seconds = (time.process_time() - started) / making * MANY
    started, began = time.process_time(), time.perf_counter()
    with AnonymousMemory() as memory:
        first, second, _ = many_clip_pairs(made_clips(real, MANY))
    seconds, by_the_clock = time.process_time() - started - making_seconds, time.perf_counter() - began
    own = own_clips(MANY)
    copies = int((second - first == own).sum())
    print(
        f"{MANY:,} prints of sounds with {MANY - own:,} copies: {copies:,} copies found, {len(first) - copies:,} other pairs, "
        f"{seconds:.0f} s of processor time and {making_seconds:.0f} s to make them, {by_the_clock:.0f} s by the clock, "
        f"{memory.gigabytes:.1f} GB of anonymous memory."
    )


PARTS: dict[str, Callable[[Path], None]] = {"planted": all_planted, "untouched": all_untouched, "many": all_many}


def _photo_sets(data: Path) -> dict[str, tuple[list[str], list[str]]]:
    photos = sorted(map(str, (data / "ants_bees").rglob("*.jpg")))
    whales = Table.read(data / "right_whales/photos.csv")
    whales = whales.take(np.sort(np.random.default_rng(1).permutation(len(whales))[:WHALES]))
    return {
        "ants and bees (group: the file)": (photos, photos),
        f"right whales, a sample of {WHALES:,} (the whale)": _files(whales, data / "right_whales", "photo", "whale"),
        "faces (the person)": _files(Table.read(data / "faces/faces.csv"), data / "faces", "photo", "person"),
        "nyala (animal and sighting)": _files(
            Table.read(data / "nyala/photos.csv"), data / "nyala", "photo", "animal", "sighting"
        ),
    }


def _files(table: Table, folder: Path, column: str, *groups: str) -> tuple[list[str], list[str]]:
    """Paths, and what a pair must share to be of one group."""
    files = [str(folder / name) for name in table.frame[column]]
    return files, ["|".join(map(str, row)) for row in table.frame.select(groups).iter_rows()]


def _pieces(files: Sequence[Path]) -> list[tuple[str, np.ndarray]]:
    """Recordings cut side by side."""
    size, found = PIECE_SECONDS * RATE_HZ, []
    for file in files:
        if file.suffix.lower() in (".wav", ".ogg", ".flac", ".mp3"):
            samples = read_samples(str(file), HERE, rate_hz=RATE_HZ)
            found += [(file.name, samples[start : start + size]) for start in range(0, len(samples) - size + 1, size)]
    return found


if __name__ == "__main__":
    main()
