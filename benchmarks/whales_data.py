"""Right whales for benchmarks: which photos are held out, and made photos of turned, scaled heads on water with box and points.

    python benchmarks/whales_data.py OUT --photos 1200 --held-out 300

The crops of the data set are windows of the original photos, two head lengths along the head and one across it, drawn to
224 x 224 pixels, that is at twice the height. Found by fitting the window of each of the 19 photos that are there in full size
to its crop (`python benchmarks/whales_window.py` prints it): in all of them bonnet and blowhead lie at 0.8 and 0.3 of the side,
half way down, to within 0.6 pixels along and 1.9 across, with a stretch across of 2.00, where grey levels correlate at 0.975 to
0.998. So a crop is pasted at half its height, as the animal was.

Water is made from each crop's own corner in front of the head, as Gaussian texture of the same spectrum (Galerne, Gousseau and
Morel 2011, random phase noise), so that it has the crop's colours and waves and repeats nowhere. Behind the blowhead the body
goes on, from the crop's rear; and there is foam that is no whale.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from PIL import Image, ImageFilter

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "right_whales"
SIDE = 224
BONNET, BLOWHEAD = (0.8, 0.5), (0.3, 0.5)
"""Where the two points lie in every crop, in shares of its side."""
STRETCH = 2.0
"""Crops are so many times as high as the animal was."""
PHOTO_SIZE = (640, 480)
WINDOW_SHARE = (0.10, 0.40)
"""How long the head's window, two lengths of the head, is in shares of the photo's width. In the data set a head's box takes
16 % of the width at the median."""
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

    def on_photo(self, unit: np.ndarray) -> np.ndarray:
        """Shares of the crop's side (N,2) to pixels of the photo (N,2), (0,0) the centre of the upper left one."""
        x, y = self.window * (unit[:, 0] - 0.5), self.window * self.across * (unit[:, 1] - 0.5)
        z = self.middle + (x + 1j * y) * np.exp(1j * self.angle_radians)
        return np.stack([z.real, z.imag], axis=1)

    def in_crop(self, width: int, height: int) -> tuple[np.ndarray, np.ndarray]:
        """For every pixel of the photo (H,W), the share of the crop's side it comes from, in x and in y."""
        x, y = np.meshgrid(np.arange(width), np.arange(height))
        z = (x + 1j * y - self.middle) * np.exp(-1j * self.angle_radians) / self.window
        return z.real + 0.5, z.imag / self.across + 0.5

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top (from the photo's edges), width and height of the box around the head: around the ellipse that shows it."""
        a, b = self.window * ELLIPSE / 2, self.window * self.across * ELLIPSE / 2
        cosine, sine = np.cos(self.angle_radians), np.sin(self.angle_radians)
        half = float(np.hypot(a * cosine, b * sine)), float(np.hypot(a * sine, b * cosine))
        return self.middle.real + 0.5 - half[0], self.middle.imag + 0.5 - half[1], 2 * half[0], 2 * half[1]


ELLIPSE = 0.95
"""The head's ellipse in shares of its window."""


def drawn_place(generator: np.random.Generator, *, across: tuple[float, float] = ACROSS) -> Place:
    """A head anywhere on the photo, its ellipse wholly inside, at any angle, long or short in equal shares of the logarithm."""
    width, height = PHOTO_SIZE
    window = width * float(np.exp(generator.uniform(*np.log(WINDOW_SHARE))))
    place = Place(0j, window, float(generator.uniform(-np.pi, np.pi)), float(generator.uniform(*across)))
    _, _, box_width, box_height = place.box
    x, y = (float(generator.uniform(size / 2, whole - size / 2)) for size, whole in ((box_width, width), (box_height, height)))
    return Place(x + 1j * y - (0.5 + 0.5j), place.window, place.angle_radians, place.across)


def made_photo(crops: Sequence[np.ndarray], places: Sequence[Place], generator: np.random.Generator) -> np.ndarray:
    """Crops (224,224,3) uint8 on water made of the first one, each at its place, as (H,W,3) uint8. With fewer places than crops
    the others are not pasted: of one crop and no place there is water alone.
    """
    photo = _water(crops[0], places[0] if places else drawn_place(generator), generator)
    photo = _with_foam(photo, generator)
    for crop, place in zip(crops, places, strict=False):
        photo = _with_head(photo, crop, place, generator)
    grain = generator.normal(0, generator.uniform(0.5, 3.0), photo.shape)
    return np.clip(photo + grain, 0, 255).round().astype(np.uint8)


def _with_head(photo: np.ndarray, crop: np.ndarray, place: Place, generator: np.random.Generator) -> np.ndarray:
    """The head within its ellipse, whose rim fades over a quarter of the way to its middle, and the body behind it."""
    across, down = place.in_crop(*PHOTO_SIZE)
    smooth = _shrunk(crop, place)
    head = _sampled(smooth, across, down)
    photo = _with_body(photo, smooth, across, down, generator)
    mask = np.clip((1.0 - np.hypot(across - 0.5, down - 0.5) * 2) / 0.25, 0, 1)
    return np.asarray(photo + (head - photo) * (mask * mask * (3 - 2 * mask))[:, :, None])


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


_PATCH = 56


def _water(crop: np.ndarray, place: Place, generator: np.random.Generator) -> np.ndarray:
    """Water (H,W,3) float like that before the head: of the two corners there, the one that varies less."""
    width, height = PHOTO_SIZE
    corners = [crop[:_PATCH, -_PATCH:], crop[-_PATCH:, -_PATCH:]]
    patch = min(corners, key=lambda part: float(part.std(axis=(0, 1)).mean()))
    # Waves as large as in the crop's photo, at least where that leaves some of them: far away they are finer.
    scale = max(place.window / SIDE, 0.4)
    size = max(8, round(_PATCH * scale)), max(8, round(_PATCH * max(scale * place.across, 0.3)))
    small = np.asarray(Image.fromarray(patch).resize(size, Image.Resampling.LANCZOS), dtype=np.float64)
    mean = small.mean(axis=(0, 1))
    hill = np.outer(np.hanning(small.shape[0] + 2)[1:-1], np.hanning(small.shape[1] + 2)[1:-1])[:, :, None]
    kernel = np.zeros((height, width, 3))
    kernel[: small.shape[0], : small.shape[1]] = (small - mean) * np.sqrt(hill) / np.sqrt(np.square(hill).sum() / hill.mean())
    noise = generator.normal(size=(height, width, 1))
    texture = np.fft.irfft2(
        np.fft.rfft2(noise, axes=(0, 1)) * np.fft.rfft2(kernel, axes=(0, 1)), s=(height, width), axes=(0, 1)
    )
    texture *= np.minimum(1.0, 18 / max(float(texture.std()), 1e-6))
    # Light falls off from one side to the other.
    slope = generator.normal(0, 8, 2)
    x, y = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
    return np.asarray(mean + texture + (slope[0] * x + slope[1] * y)[:, :, None])


def _with_body(
    photo: np.ndarray, crop: np.ndarray, across: np.ndarray, down: np.ndarray, generator: np.random.Generator
) -> np.ndarray:
    """The body behind the blowhead, as much of it as is not under water: the rear of the crop, laid out again and again as
    between two mirrors, to a taper. White water that breaks over it goes along, and so do the marks, fainter the farther back.
    """
    length, shown, thick = generator.uniform(0.8, 3.5), generator.uniform(-0.2, 1.1), generator.uniform(0.4, 0.75)
    along = (0.3 - across) / length  # 0 at the blowhead, 1 where the body ends
    half = thick * np.sin(np.pi * np.clip(0.35 + 0.65 * along, 0, 1)) ** 0.7 + 1e-6
    folded = np.abs(np.mod(0.3 - across, 0.5) - 0.25)
    rear = _sampled(crop, 0.02 + folded, 0.5 + (down - 0.5) * 0.45 / half)
    plain = np.quantile(crop[:, :60], 0.35, axis=(0, 1))
    drawn = rear + (plain - rear) * np.clip(0.3 + 1.2 * along, 0, 0.8)[:, :, None]
    inside = np.clip((half - np.abs(down - 0.5)) / 0.15, 0, 1) * np.clip((1 - along) / 0.3, 0, 1) * (across < 0.5)
    return np.asarray(photo + (drawn - photo) * (inside * np.clip(shown, 0, 1))[:, :, None])


def _with_foam(photo: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """White water and glints, up to six patches of them."""
    height, width, _ = photo.shape
    for _ in range(int(generator.integers(0, 7))):
        size = float(np.exp(generator.uniform(np.log(6), np.log(70))))
        turn = generator.uniform(0, np.pi)
        x, y = np.meshgrid(np.arange(width) - generator.uniform(0, width), np.arange(height) - generator.uniform(0, height))
        along, over = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
        hill = np.exp(-(along**2 + (over * generator.uniform(1, 4)) ** 2) / (2 * size**2))
        coarse = generator.normal(size=(height // 4, width // 4))
        rough = np.asarray(Image.fromarray(coarse.astype(np.float32)).resize((width, height), Image.Resampling.BICUBIC))
        white = np.clip(hill * (0.6 + 0.8 * rough) - 0.15, 0, 1) * generator.uniform(0.4, 1.0)
        photo = photo + (generator.uniform(190, 250) - photo) * white[:, :, None]
    return photo


def made_photos(
    out: Path, *, train: int, held: int, seed: int = 0, data: Path = DATA, across: tuple[float, float] = ACROSS
) -> pl.DataFrame:
    """Write `out`/photos.csv and the photos it names: `train` of them from crops that may teach, `held` from those held out.

    Columns photo, whale, crop, part (train or test), box_x, box_y, box_width, box_height, bonnet_x, bonnet_y, blowhead_x,
    blowhead_y, in pixels of the photo. What stands there already, made by the same call, is kept.
    """
    table = photos(data)
    enough, apart = often_enough(table["whale"]), held_out(table["whale"])
    (out / "made").mkdir(parents=True, exist_ok=True)
    rows: list[dict[str, object]] = []
    for part, count, may in (("train", train, ~apart), ("test", held, apart & enough)):
        chosen = np.random.default_rng([seed, part == "test"]).permutation(np.flatnonzero(may))
        for number in range(count):
            row = int(chosen[number % len(chosen)])
            generator = np.random.default_rng([seed, part == "test", number])
            place = drawn_place(generator, across=across)
            name = f"made/{part}_{number:05d}.jpg"
            if not (out / name).exists():
                crop = np.asarray(Image.open(data / table["photo"][row]).convert("RGB"))
                Image.fromarray(made_photo([crop], [place], generator)).save(out / name, quality=92)
            points = place.on_photo(np.array([BONNET, BLOWHEAD]))
            box = dict(zip(("box_x", "box_y", "box_width", "box_height"), place.box, strict=True))
            where = dict(zip(("bonnet_x", "bonnet_y", "blowhead_x", "blowhead_y"), points.ravel().tolist(), strict=True))
            named = {"photo": name, "whale": table["whale"][row], "crop": table["photo"][row], "part": part}
            rows.append(named | {key: round(float(value), 2) for key, value in (box | where).items()})
    made = pl.DataFrame(rows)
    made.write_csv(out / "photos.csv")
    return made


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
