"""The network of individuals: two looks, one vector; what learns; what its vectors follow from."""

from pathlib import Path

import numpy as np
import pytest
import torch

from injerto.individual_network import restored, together
from injerto.learner import heads_of
from injerto.network import PHOTO, Batch
from injerto.schema.schema import Input, Schema, Target
from made_animals import animals
from made_individuals import TARGET, Made, made, network_of


@pytest.fixture(scope="module")
def herd(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return made(tmp_path_factory.mktemp("herd"))


def test_training_gives_cosines_and_answering_unit_vectors(herd: Made) -> None:
    batch = herd.photos.batch(torch.arange(3))
    with torch.no_grad():
        learned, answered = herd.network(batch), herd.network.seen(batch)
    assert learned["animal"].shape == (3, 8)
    assert answered["animal"].shape == (3, 512)
    torch.testing.assert_close(answered["animal"].norm(dim=1), torch.ones(3))
    torch.testing.assert_close(learned["size"], answered["size"])


def test_loose_marks_are_compared_among_themselves_and_looked_at_once(tmp_path: Path) -> None:
    herd = made(tmp_path, detail="loose")
    network, batch = herd.network, herd.photos.batch(torch.arange(3))
    with torch.no_grad():
        learned, answered = network(batch), network.seen(batch)
    assert learned["animal"].shape == (3, 3)
    torch.testing.assert_close(answered["animal"].norm(dim=1), torch.ones(3))
    torch.testing.assert_close(learned["animal"], network.marks.likeness.between(answered["animal"], answered["animal"]))
    torch.testing.assert_close(learned["size"], answered["size"])
    assert network.nothing()["animal"].shape[1] == answered["animal"].shape[1] == network.head.baseline(1).shape[1]
    assert (network.head.cost, len(network.head.centres)) == ("individual, among themselves", 0)


def test_a_mirrored_photo_is_the_same_two_looks_the_other_way_round(herd: Made) -> None:
    pixels = herd.photos.batch(torch.arange(2)).raw[PHOTO]
    with torch.no_grad():
        upright, turned = (herd.network.seen(Batch({}, raw={PHOTO: view}))["animal"] for view in (pixels, pixels.flip(3)))
    torch.testing.assert_close(turned, torch.cat([upright[:, 256:], upright[:, :256]], dim=1), atol=1e-5, rtol=0)


def test_the_cosine_of_two_looks_is_the_mean_of_their_cosines() -> None:
    first, second = torch.randn(2, 4), torch.randn(2, 4)
    whole = together([first, second])
    cosine = torch.nn.functional.cosine_similarity
    wanted = (cosine(first[0], first[1], dim=0) + cosine(second[0], second[1], dim=0)) / 2
    torch.testing.assert_close(whole[0] @ whole[1], wanted)


def test_contract_of_learners(herd: Made) -> None:
    network = herd.network
    assert list(heads_of(network)) == ["animal", "size"]
    assert list(network.others) == ["size"]
    assert network.features == [network.photo]
    assert (network.blocks, network.hearing, network.source) == ([], None, None)
    inside = {id(one) for parts in network.parts.values() for part in parts for one in part.parameters()}
    trunk = {id(one) for one in network.trunk.parameters()}
    assert inside | trunk == {id(one) for one in network.parameters()}
    assert not inside & trunk
    nothing = network.nothing()
    assert {name: len(value) for name, value in nothing.items()} == {"animal": 0, "size": 0}


def test_a_fingerprint_follows_from_what_vectors_follow_from(herd: Made, tmp_path: Path) -> None:
    same, other = network_of(herd.table), network_of(herd.table, seed=1)
    assert len(herd.network.fingerprint()) == 32
    assert same.fingerprint() == herd.network.fingerprint() != other.fingerprint()
    with torch.no_grad():
        same.head.centres.add_(1)  # centres are not part of a vector
    assert same.fingerprint() == herd.network.fingerprint()
    assert network_of(herd.table, resolution=64).fingerprint() != herd.network.fingerprint()


def test_a_network_comes_back_from_its_states(herd: Made) -> None:
    schema = Schema(inputs={"photo": Input(kind="image")}, targets={"animal": TARGET, "size": Target(kind="class")})
    features = {"photo": herd.network.photo.state()}
    heads = {name: head.state() for name, head in herd.network.targets.items()}
    again = restored(schema, features, heads)
    again.load_state_dict(herd.network.state_dict())
    assert again.fingerprint() == herd.network.fingerprint()
    assert again.head.classes_ == herd.network.head.classes_


def test_a_quick_copy_sees_the_same(herd: Made) -> None:
    batch = herd.photos.batch(torch.arange(2))
    with torch.no_grad():
        exact, quick = herd.network.seen(batch), herd.network.quick().seen(batch)
    torch.testing.assert_close(quick["animal"], exact["animal"], atol=2e-3, rtol=0)


def test_photos_of_the_second_flank_are_turned_round(tmp_path: Path) -> None:
    columns = animals(tmp_path, individuals=2, each=2)
    columns["flank"] = ["left", "right", None, "right"]
    herd = made(tmp_path, columns)
    assert herd.photos.mirrored is not None
    assert herd.photos.mirrored.tolist() == [False, True, False, True]
    pictures = torch.stack([herd.photos.picture(row) for row in range(4)])
    batch = herd.photos.batch(torch.arange(4)).raw[PHOTO]
    assert torch.equal(batch[0], pictures[0])
    assert torch.equal(batch[1], pictures[1].flip(2))
    assert torch.equal(batch[2], pictures[2])


def test_photos_that_cannot_be_kept_are_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("injerto.photos.KEPT_BYTES", 3 * 32**2 * 2)
    columns = animals(tmp_path, individuals=2, each=3)
    columns["photo"][5] = "gone.png"
    columns["photo"][4] = None
    herd = made(tmp_path, columns)
    assert len(herd.photos.kept) == 2
    assert herd.photos.usable.tolist() == [True] * 4 + [False] * 2
    assert sorted((entry.row, entry.reason) for entry in herd.photos.ledger)[0] == (4, "no file is named in this row")
    assert herd.photos.batch(torch.from_numpy(np.arange(4))).raw[PHOTO].shape == (4, 3, 32, 32)
