"""Photos per second of fine-tuning on a GPU and on the processor, and what share of each one's own peak that is.

    python benchmarks/gpu.py [--photos N] [--pixels N] [--batch-rows N ...] [--epochs N] [--threads N]

What runs is `learn` itself, on photos of random levels that lie in memory: nothing is read or decoded. "varied" turns, shifts
and relights them on the processor as training does, "as they are" leaves them, which tells how much the GPU waits for that.
An epoch is timed as its history has it; the first, in which kernels are chosen and memory is found, is left out. The peak is
the fastest of several products of two large matrices in the same precision, measured in the same run. Operations are those of
convolutions and products, as torch counts them on the way forth, times three: the way back is twice as long, to weights and to
inputs (torch's own count of it takes depthwise convolutions for whole ones, ten times too many). On a machine without a GPU
the processor is measured alone.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from statistics import median

import polars as pl
import torch
from machine import machine, spread
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from injerto.backbones.networks import build
from injerto.features.image import ImageFeature
from injerto.heads import HEADS
from injerto.heads.head import Labels
from injerto.learning import loop
from injerto.learning.checkpoint import Checkpoint
from injerto.learning.device import PROCESSOR, device_of, half_bits_on
from injerto.learning.plan import Plan
from injerto.learning.source import Source
from injerto.learning.vary_photos import vary_photos
from injerto.network import Batch, Network
from injerto.progress import Silent
from injerto.schema.schema import Input, Target
from injerto.table.column import Column

BACKBONE = "efficientnet_lite0"
CLASSES = 10
PRODUCTS = 20


class RandomPhotos(Source):
    """Photos of random levels; every batch is another part of them."""

    shared = True

    def __init__(self, key: str, photos: int, pixels: int, *, varied: bool) -> None:
        self.key, self.varied = key, varied
        generator = torch.Generator().manual_seed(0)
        self.pixels = torch.randint(0, 256, (photos, 3, pixels, pixels), dtype=torch.uint8, generator=generator)
        code = torch.randint(0, CLASSES, (photos,), generator=generator)
        self.labels = {"class": Labels(code, torch.ones(photos, dtype=torch.bool))}

    def batches(self, rows: Tensor, batch_rows: int, *, training: bool, seed: int) -> Iterator[tuple[Batch, dict[str, Labels]]]:
        """In the order of `rows`."""
        generator = torch.Generator().manual_seed(seed)
        for part in rows.split(batch_rows):
            pixels = self.pixels[part]
            if training and self.varied:
                pixels = vary_photos(pixels, generator)
            empty = torch.zeros(len(part), dtype=torch.bool)
            yield Batch({}, raw={self.key: pixels}, empty={self.key: empty}), {"class": self.labels["class"].take(part)}


def network_of(pixels: int) -> Network:
    """A class from a photo, every layer of which learns."""
    torch.manual_seed(0)
    feature = ImageFeature("photo", Input(kind="image")).suit(BACKBONE, pixels)
    names = pl.Series("class", [f"{code}" for code in range(CLASSES)] * 2)
    head = HEADS["class"]("class", Target(kind="class"))
    head.fit(Column("class", names, ".", range(len(names))))  # type: ignore[arg-type]
    return Network([feature], [head], {BACKBONE: build(BACKBONE)})


def plan_of(batch_rows: int, epochs: int) -> Plan:
    """Steps so small that random labels do no harm."""
    return Plan(name="finetune", epochs=epochs, batch_rows=batch_rows, learning_rate=1e-6, patience=epochs, backbone=True)


def photos_a_second(device: torch.device, source: RandomPhotos, pixels: int, batch_rows: int, epochs: int) -> list[float]:
    """Of each epoch but the first."""
    before = loop.device_of
    loop.device_of = lambda plan: device
    try:
        rows = torch.arange(len(source.pixels))
        plan = plan_of(batch_rows, epochs + 1)
        history = loop.learn(network_of(pixels), source, rows, rows[:0], plan, Checkpoint(None), Silent())
    finally:
        loop.device_of = before
    return [len(rows) / epoch.seconds for epoch in history.epochs[1:]]


def operations_a_photo(source: RandomPhotos, pixels: int) -> float:
    """Additions and multiplications, each counted, of one photo forth and back."""
    network, rows = network_of(pixels).eval(), torch.arange(2)
    ((batch, _),) = source.batches(rows, 2, training=False, seed=0)
    with FlopCounterMode(display=False) as counted, torch.no_grad():
        network(batch)
    return 3 * counted.get_total_flops() / len(rows)


def peak(device: torch.device, dtype: torch.dtype) -> float:
    """Operations a second of the fastest of several products of square matrices."""
    side = 8192 if device.type == "cuda" else 2048
    left, right = (torch.randn(side, side, device=device, dtype=dtype) for _ in range(2))
    wait: Callable[[], None] = torch.cuda.synchronize if device.type == "cuda" else lambda: None
    seconds = []
    for _ in range(PRODUCTS):
        wait()
        started = time.perf_counter()
        left @ right
        wait()
        seconds.append(time.perf_counter() - started)
    return 2 * side**3 / min(seconds)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=2048, help="on a GPU; the processor gets a sixteenth of them")
    parser.add_argument("--pixels", type=int, default=224)
    parser.add_argument("--batch-rows", type=int, nargs="+", default=[16, 64])
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    print(f"{machine()}, {asked.threads} threads\n{BACKBONE}, photos of {asked.pixels} pixels")
    gpu = device_of(plan_of(1, 1))
    if gpu == PROCESSOR:
        print("There is no GPU that torch can use: this is the processor alone.")
    else:
        print(torch.cuda.get_device_name(gpu))
    operations = operations_a_photo(RandomPhotos("file0", 2, asked.pixels, varied=False), asked.pixels)
    print(f"{operations / 1e9:.2f} billion operations a photo, forth and back")
    for device in dict.fromkeys([gpu, PROCESSOR]):
        short = half_bits_on(device) is not None
        dtype, photos = (
            torch.bfloat16 if short else torch.float32,
            asked.photos if device.type == "cuda" else asked.photos // 16,
        )
        best = peak(device, dtype)
        print(f"{device.type}, {str(dtype).removeprefix('torch.')}: {best / 1e12:.3f} trillion operations a second at best")
        for batch_rows in asked.batch_rows:
            for varied in (False, True):
                source = RandomPhotos("file0", photos, asked.pixels, varied=varied)
                found = photos_a_second(device, source, asked.pixels, batch_rows, asked.epochs)
                share = 100 * median(found) * operations / best
                how = "varied" if varied else "as they are"
                print(f"  batches of {batch_rows}, {how}: {spread(found)} photos a second, {share:.1f} % of the peak")


if __name__ == "__main__":
    main()
