import re

import pytest

from injerto.backbones import catalogue
from injerto.backbones.catalogue import CATALOGUE, DEFAULTS, Entry, File, SameAs, Untrained
from injerto.backbones.networks import NETWORKS
from injerto.errors import BackboneError


@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=CATALOGUE)
def test_facts_are_complete(entry: Entry) -> None:
    assert entry.network in NETWORKS
    assert min(entry.width, entry.resolution, entry.std) > 0
    assert (entry.megabytes > 0) != isinstance(entry.source, Untrained)
    assert all((entry.licence, entry.licence_note, entry.about, entry.published, entry.citation))
    if isinstance(entry.source, SameAs):
        assert catalogue.entry(entry.source.name).licence == entry.licence
    if isinstance(entry.source, File):
        assert re.fullmatch(r"[0-9a-f]{64}", entry.source.sha256)


def test_auto_is_the_default_of_the_kind() -> None:
    assert {kind: catalogue.choose(kind, "auto").kind for kind in DEFAULTS} == {"image": "image", "sound": "sound"}
    assert catalogue.choose("sound", "logmel_lite0").name == "logmel_lite0"


def test_unknown_name_gets_the_nearest() -> None:
    with pytest.raises(BackboneError, match=r"no backbone 'efficientnet_lit0'. Did you mean 'efficientnet_lite0'\?"):
        catalogue.entry("efficientnet_lit0")


def test_a_photo_network_is_refused_for_sounds() -> None:
    with pytest.raises(
        BackboneError, match=r"reads columns of kind image, not sound\. For sound there are: aisfx, mn04, logmel_lite0"
    ):
        catalogue.choose("sound", "efficientnet_lite0")
