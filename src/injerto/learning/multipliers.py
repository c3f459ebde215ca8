"""Parameter groups by exact name, each with its learning-rate multiplier.

The multiplier scales the step, never the gradient: under Adam a scaled gradient changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from torch import nn

from injerto.embedders.lookup import Lookup
from injerto.errors import TrainingError, did_you_mean
from injerto.learner import Learner


@dataclass(frozen=True)
class Group:
    """Parameters that learn at one rate: `multiplier` times the head's."""

    name: str
    multiplier: float
    parameters: list[nn.Parameter]


def parameter_groups(network: Learner, multipliers: Mapping[str, float], depth_decay: float, *, backbone: bool) -> list[Group]:
    """Every trainable parameter in exactly one group; groups with multiplier 0, and a frozen backbone, are left out.

    A backbone is split by depth, `backbone/0` nearest the pixels; its rate shrinks by `depth_decay` a stage inwards.

    *Raises* TrainingError when a multiplier names no group.
    """
    valid = {"backbone", "embedders", "body", "head"}
    wrong = [f"'{name}' is not a parameter group.{did_you_mean(name, valid)}" for name in multipliers if name not in valid]
    if wrong:
        raise TrainingError(" ".join(wrong) + f" The groups are {', '.join(sorted(valid))}.")
    groups = _backbone_groups(network, multipliers.get("backbone", 0.1), depth_decay) if backbone else []
    inside = {id(parameter) for net in network.backbones for parameter in net.parameters()}
    for lookup in (module for module in network.modules() if isinstance(module, Lookup)):
        if lookup.planted:
            rate = multipliers.get("embedders", 1.0) * lookup.multiplier
            groups.append(Group(f"planted/{', '.join(lookup.names)}", rate, list(lookup.parameters())))
            inside |= {id(parameter) for parameter in lookup.parameters()}
    for name, modules in network.parts.items():
        own = [parameter for module in modules for parameter in module.parameters() if id(parameter) not in inside]
        groups.append(Group(name, multipliers.get(name, 1.0), own))
    return [group for group in groups if group.parameters and group.multiplier > 0]


def _backbone_groups(network: Learner, multiplier: float, depth_decay: float) -> list[Group]:
    groups = []
    for net in network.backbones:
        stages = net.stages()
        for depth, stage in enumerate(stages[net.frozen_stages :], start=net.frozen_stages):
            # What starts from nothing has nothing to lose by the head's rate.
            rate = multiplier * depth_decay ** (len(stages) - 1 - depth) if net.pretrained else 1.0
            groups.append(Group(f"backbone/{depth}", rate, list(stage.parameters())))
    return groups
