import pytest
from networks import made

from injerto.errors import TrainingError
from injerto.learning.multipliers import parameter_groups


def test_every_parameter_is_in_exactly_one_group() -> None:
    network = made().network
    groups = parameter_groups(network, {}, 1.0, backbone=False)
    grouped = [id(parameter) for group in groups for parameter in group.parameters]
    assert sorted(grouped) == sorted(id(parameter) for parameter in network.parameters())
    assert {group.name for group in groups} == {"embedders", "body", "head"}


def test_names_are_exact() -> None:
    with pytest.raises(TrainingError, match=r"'heads' is not a parameter group. Did you mean 'head'\?"):
        parameter_groups(made().network, {"heads": 0.5}, 1.0, backbone=False)


def test_multiplier_zero_freezes() -> None:
    groups = parameter_groups(made().network, {"embedders": 0.0, "body": 0.5}, 1.0, backbone=False)
    assert {group.name: group.multiplier for group in groups} == {"body": 0.5, "head": 1.0}
