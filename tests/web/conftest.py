"""Models that are served in these tests, each trained once and in seconds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from serving import Client, served

import injerto
from made_dots import dots
from made_ears import listener
from small import birds, photo_folder


def trained(table: injerto.Table, *targets: str, epochs: int = 2, keypoints: bool = False) -> injerto.Model:
    """A model that has hardly learned."""
    schema = injerto.declare(table, injerto.Wishes(targets=list(targets), keypoints=keypoints, seed=1))
    training = schema.training.model_copy(update={"epochs": epochs, "mode": "auto" if keypoints else "probe"})
    return injerto.train(table, schema=schema.model_copy(update={"training": training}))


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the model `birds`: number, category and date to a class."""
    folder = tmp_path_factory.mktemp("shelf")
    trained(injerto.Table.of(birds(200)), "species", epochs=8).save(folder / "birds")
    return folder


@pytest.fixture(scope="session")
def birds_model(shelf: Path) -> Path:
    return shelf / "birds"


@pytest.fixture(scope="session")
def server(birds_model: Path) -> Iterator[Client]:
    """The birds, with small limits."""
    limits = injerto.ServeLimits(body_bytes=200_000, rows=50, request_seconds=30, head_seconds=0.5)
    with served(birds_model, limits=limits) as client:
        yield client


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of photos, red and green."""
    return photo_folder(tmp_path_factory.mktemp("photos") / "tint", each=8)


@pytest.fixture(scope="session")
def mixed(tmp_path_factory: pytest.TempPathFactory, photos: Path) -> Path:
    """The model `tint`: photos and a number to a class, with a network of its own that learns from nothing."""
    files = sorted(photos.rglob("*.png"))
    table = pl.DataFrame(
        {
            "photo": [str(path.relative_to(photos)) for path in files],
            "size": [float(place % 7) for place in range(len(files))],
            "tint": [path.parent.name for path in files],
        }
    )
    return trained(injerto.Table.of(table, folder=photos), "tint").save(tmp_path_factory.mktemp("mixed") / "tint")


@pytest.fixture(scope="session")
def ears(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model `calls`: low and high tones."""
    folder = tmp_path_factory.mktemp("ears")
    return listener(folder / "clips").save(folder / "calls")


@pytest.fixture(scope="session")
def points(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model `dots`: a bright and a dark point on photos, hardly trained."""
    folder = tmp_path_factory.mktemp("points")
    table = injerto.Table.of(dots(folder / "photos", count=20), folder=folder / "photos")
    return trained(table, epochs=1, keypoints=True).save(folder / "dots")
