"""Right whales for benchmarks: which photos are held out, and made photos of turned, scaled heads on water with box and points.

    python benchmarks/whales_data.py OUT --photos 1200 --held-out 300

The crops of the data set are windows of the original photos, two head lengths along the head and one across it, drawn to
224 x 224 pixels, that is at twice the height. Found by fitting the window of each of the 19 photos that are there in full size
to its crop (`python benchmarks/whales_window.py` prints it): in all of them bonnet and blowhead lie at 0.8 and 0.3 of the side,
half way down, to within 0.6 pixels along and 1.9 across, with a stretch across of 2.00, where grey levels correlate at 0.975 to
0.998. So a crop is pasted at half its height, as the animal was.

The sea around it is made up of the crop's own water (`whales_sea.py`), and so is the animal behind the head of the skin at the
crop's rear (`whales_body.py`). The box is where people on the whole draw it (`whales_boxes.py`). Crops of photos that are there
in full size are in none of the made photos.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from PIL import Image, ImageFilter
from whales_body import Lie, with_body, with_spray
from whales_boxes import rule
from whales_sea import strewn, water

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "right_whales"
SIDE = 224
BONNET, BLOWHEAD = (0.8, 0.5), (0.3, 0.5)
"""Where the two points lie in every crop, in shares of its side."""
STRETCH = 2.0
"""Crops are so many times as high as the animal was."""
PHOTO_SIZE = (648, 432)
"""Width and height; all photos of the data set are three to two."""
HEADS = ((0.0, 0.03), (0.05, 0.046), (0.25, 0.067), (0.5, 0.083), (0.75, 0.099), (0.95, 0.121), (1.0, 0.16))
"""From blowhead to bonnet, in shares of the photo's width: quantiles of the 3,507 annotated photos, their ends drawn out."""
MIDDLES = ((0.49, 0.48), (0.12, 0.14))
"""Where heads lie in shares of the photo's width and height: mean and standard deviation, a little wider than in the data."""
BACKS = 7
"""Other crops whose rears make the back, at most."""
LEAST_PHOTOS = 3
ACROSS = (0.45, 0.55)
"""How high a crop is pasted, in shares of its length: as the animal was, give or take a view from the side."""


def photos(data: Path = DATA) -> pl.DataFrame:
    """The table of crops, with `folder` relative paths as they stand."""
    return pl.read_csv(data / "photos.csv")


def held_out(whales: pl.Series, seed: int = 0) -> np.ndarray:
    """Rows (N,) bool kept apart: one fifth of the photos, at least one, of every whale that has three photos or more."""
    generator = np.random.default_rng(seed)
    names, codes = np.unique(whales.to_numpy(), return_inverse=True)
    apart = np.zeros(len(codes), dtype=bool)
    for code in range(len(names)):
        rows = np.flatnonzero(codes == code)
        shuffled = generator.permutation(rows)
        if len(rows) >= LEAST_PHOTOS:
            apart[shuffled[: max(1, round(len(rows) / 5))]] = True
    return apart


def often_enough(whales: pl.Series) -> np.ndarray:
    """Rows (N,) bool of whales that have three photos or more."""
    return (pl.DataFrame({"whale": whales}).select(pl.len().over("whale")).to_series() >= LEAST_PHOTOS).to_numpy()


@dataclass(frozen=True)
class Place:
    """Where a head lies on a photo: how places in its crop, in shares of the side, go to the photo's pixels."""

    middle: complex
    window: float
    """Pixels along the head, two head lengths."""
    angle_radians: float
    across: float
    """Height of the window in shares of its length."""
    size: tuple[int, int] = PHOTO_SIZE
    """Width and height of the photo."""

    def on_photo(self, unit: np.ndarray) -> np.ndarray:
        """Shares of the crop's side (N,2) to pixels of the photo (N,2), (0,0) the centre of the upper left one."""
        x, y = self.window * (unit[:, 0] - 0.5), self.window * self.across * (unit[:, 1] - 0.5)
        z = self.middle + (x + 1j * y) * np.exp(1j * self.angle_radians)
        return np.stack([z.real, z.imag], axis=1)

    def in_crop(self) -> tuple[np.ndarray, np.ndarray]:
        """For every pixel of the photo (H,W), the share of the crop's side it comes from, in x and in y."""
        x, y = np.meshgrid(*map(np.arange, self.size))
        z = (x + 1j * y - self.middle) * np.exp(-1j * self.angle_radians) / self.window
        return z.real + 0.5, z.imag / self.across + 0.5


def drawn_place(
    generator: np.random.Generator, *, across: tuple[float, float] = ACROSS, size: tuple[int, int] = PHOTO_SIZE
) -> Place:
    """A head, its points well inside the photo, at any angle, as large and as far from the middle as in the data."""
    length = size[0] * float(np.interp(generator.random(), *np.transpose(HEADS)))
    angle, high = float(generator.uniform(-np.pi, np.pi)), float(generator.uniform(*across))
    x, y = (
        float(np.clip(whole * generator.normal(mean, spread), 0.8 * length, whole - 0.8 * length))
        for whole, mean, spread in zip(size, *MIDDLES, strict=True)
    )
    # The middle of the window lies a tenth of it behind that of the points.
    middle = x + 1j * y - (0.5 + 0.5j) - 0.1 * length * np.exp(1j * angle)
    return Place(middle, 2 * length, angle, high, size)


def made_photo(
    crops: Sequence[np.ndarray],
    places: Sequence[Place],
    generator: np.random.Generator,
    others: Sequence[np.ndarray] = (),
) -> np.ndarray:
    """Crops (224,224,3) uint8 on water made of the first one, each at its place, as (H,W,3) uint8. With fewer places than crops
    the others are not pasted: of one crop and no place there is water alone. Backs are made of the rears of `others`.
    """
    first = places[0] if places else drawn_place(generator)
    photo = water(crops[0], (first.size[1], first.size[0]), first.window / SIDE, generator)
    photo = strewn(photo, first.window / 2, generator)
    for crop, place in zip(crops, places, strict=False):
        photo = _with_whale(photo, crop, place, others or crops, generator)
    grain = generator.normal(0, generator.uniform(0.5, 3.0), photo.shape)
    return np.clip(photo + grain, 0, 255).round().astype(np.uint8)


def _with_whale(
    photo: np.ndarray, crop: np.ndarray, place: Place, others: Sequence[np.ndarray], generator: np.random.Generator
) -> np.ndarray:
    """The body, and over its front the crop, whose rim fades: wholly at its corners, a little at its sides."""
    across, down = (values.astype(np.float32) for values in place.in_crop())
    lie = Lie((BLOWHEAD[0] - across) * 2, (down - 0.5) * 2 * place.across, place.window / 2)
    photo = with_body(photo, crop, lie, others, generator)
    head = _sampled(_shrunk(crop, place), across, down)
    power = generator.uniform(2.0, 5.0)
    rim = 1 - ((2 * np.abs(across - 0.5)) ** power + (2 * np.abs(down - 0.5)) ** power) ** (1 / power)
    mask = np.clip(rim / generator.uniform(0.1, 0.4), 0, 1)
    photo = photo + (head - photo) * (mask * mask * (3 - 2 * mask))[:, :, None]
    return with_spray(photo, lie, generator)


def _shrunk(crop: np.ndarray, place: Place) -> np.ndarray:
    """The crop blurred as far as it will be made smaller, so that sampling it skips nothing; (224,224,3) float."""
    image = Image.fromarray(crop)
    along, over = SIDE / place.window, SIDE / (place.window * place.across)
    radius = tuple(0.5 * np.sqrt(max(factor**2 - 1, 0.0)) for factor in (along, over))
    return np.asarray(image.filter(ImageFilter.GaussianBlur(radius)), dtype=np.float64)


def _sampled(picture: np.ndarray, across: np.ndarray, down: np.ndarray) -> np.ndarray:
    """Bilinear levels (H,W,3) at shares of the sides (H,W); beyond the edges the pixels there."""
    rows, columns = picture.shape[:2]
    x, y = np.clip(across * columns - 0.5, 0, columns - 1.001), np.clip(down * rows - 0.5, 0, rows - 1.001)
    left, top = x.astype(int), y.astype(int)
    right, low = (x - left)[:, :, None], (y - top)[:, :, None]
    upper = picture[top, left] * (1 - right) + picture[top, left + 1] * right
    lower = picture[top + 1, left] * (1 - right) + picture[top + 1, left + 1] * right
    return np.asarray(upper * (1 - low) + lower * low)


def made_photos(
    out: Path, *, train: int, held: int, seed: int = 0, data: Path = DATA, across: tuple[float, float] = ACROSS
) -> pl.DataFrame:
    """Write `out`/photos.csv and the photos it names: `train` of them from crops that may teach, `held` from those held out.

    Columns photo, whale, crop, part (train or test), box_x, box_y, box_width, box_height, bonnet_x, bonnet_y, blowhead_x,
    blowhead_y, in pixels of the photo. What stands there already, made by the same call, is kept.
    """
    table = photos(data)
    enough, apart, kept = often_enough(table["whale"]), held_out(table["whale"]), in_full_size(table)
    (out / "made").mkdir(parents=True, exist_ok=True)
    rows: list[dict[str, object]] = []
    for part, count, may in (("train", train, ~apart & ~kept), ("test", held, apart & enough & ~kept)):
        chosen = np.random.default_rng([seed, part == "test"]).permutation(np.flatnonzero(may))
        drawn = [int(chosen[number % len(chosen)]) for number in range(count)]
        rows += [
            row | {"part": part}
            for row in written(out, f"made/{part}", table, drawn, seed=[seed, part == "test"], across=across)
        ]
    made = pl.DataFrame(rows)
    made.write_csv(out / "photos.csv")
    return made


def in_full_size(table: pl.DataFrame) -> np.ndarray:
    """Rows (N,) bool whose photo is there in full size."""
    return (table["full_size"].fill_null("") != "").to_numpy()


def written(
    out: Path,
    stem: str,
    table: pl.DataFrame,
    drawn: Sequence[int],
    *,
    seed: Sequence[int],
    data: Path = DATA,
    across: tuple[float, float] = ACROSS,
    size: tuple[int, int] = PHOTO_SIZE,
) -> list[dict[str, object]]:
    """A photo of each crop of the rows `drawn`, written under `out` as stem_00000.jpg and so on unless it stands there, and its
    line: photo, whale, crop, box and points.
    """
    fitted, _ = rule(table)
    lines: list[dict[str, object]] = []
    for number, row in enumerate(drawn):
        generator = np.random.default_rng([*seed, number])
        place, name = drawn_place(generator, across=across, size=size), f"{stem}_{number:05d}.jpg"
        if not (out / name).exists():
            chosen = [row, *generator.choice(drawn, BACKS).tolist()]
            crop, *others = (np.asarray(Image.open(data / table["photo"][one]).convert("RGB")) for one in chosen)
            Image.fromarray(made_photo([crop], [place], generator, others)).save(out / name, quality=92)
        points = place.on_photo(np.array([BONNET, BLOWHEAD]))
        box = dict(zip(("box_x", "box_y", "box_width", "box_height"), fitted.boxes(points[None])[0].tolist(), strict=True))
        where = dict(zip(("bonnet_x", "bonnet_y", "blowhead_x", "blowhead_y"), points.ravel().tolist(), strict=True))
        named = {"photo": name, "whale": table["whale"][row], "crop": table["photo"][row]}
        lines.append(named | {key: round(float(value), 2) for key, value in (box | where).items()})
    return lines


def full_size(data: Path = DATA) -> pl.DataFrame:
    """The photos there are in full size, box and points in pixels of the file, which may be smaller than the original."""
    rows = []
    for row in photos(data).filter(pl.col("full_size") != "").iter_rows(named=True):
        with Image.open(data / row["full_size"]) as image:
            ratio = image.width / row["width"]
        corners = np.array([[row["bbox1_x"], row["bbox1_y"]], [row["bbox2_x"], row["bbox2_y"]]]) * ratio
        low, high = corners.min(axis=0), corners.max(axis=0)
        points = {name: row[name] * ratio for name in ("bonnet_x", "bonnet_y", "blowhead_x", "blowhead_y")}
        box = {"box_x": low[0], "box_y": low[1], "box_width": high[0] - low[0], "box_height": high[1] - low[1]}
        rows.append({"photo": row["full_size"], "whale": row["whale"], "crop": row["photo"]} | box | points)
    return pl.DataFrame(rows)


def main() -> None:
    """Make the photos, or print what shows where the points lie in a crop."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, nargs="?", default=Path(__file__).parent / "out" / "whales")
    parser.add_argument("--photos", type=int, default=1200)
    parser.add_argument("--held-out", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--as-stored", action="store_true", help="paste crops square, as they are stored, not as the animal was"
    )
    options = parser.parse_args()
    across = (0.9, 1.1) if options.as_stored else ACROSS
    made = made_photos(options.out, train=options.photos, held=options.held_out, seed=options.seed, across=across)
    print(f"{len(made)} photos and their table in {options.out}")


if __name__ == "__main__":
    main()
