"""Learning to hear along time: from clips over backgrounds to a 1x1 convolution, how sure it is, and its rule for events.

What is judged by a fold that was left out was heard neither in its clips nor in its backgrounds; so are the temperature and the
rule found. Then all of it is learned from once more.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from injerto.events.tuning import Scene, best_rule
from injerto.features.sound import SoundFeature
from injerto.heads.hearing import Hearing
from injerto.heads.single_class import ClassHead
from injerto.learning.judging import judging_folds
from injerto.learning.moments import Moments, along, solve
from injerto.learning.scenery import Scenery, Scenes
from injerto.network import Network
from injerto.places.address import Place
from injerto.progress import Progress
from injerto.table.table import Table


def can_hear(network: Network) -> bool:
    """Whether a network reads one column of sounds and nothing else, and answers with one class of several."""
    columns = {feature.name for feature in network.features}
    heads = list(network.targets.values())
    sounds = all(isinstance(feature, SoundFeature) for feature in network.features)
    return sounds and len(columns) == 1 and len(heads) == 1 and isinstance(heads[0], ClassHead)


def hear(
    network: Network,
    table: Table,
    rows: Tensor,
    codes: Tensor,
    *,
    folder: Place | None,
    unit: np.ndarray,
    seed: int,
    progress: Progress,
) -> Hearing | None:
    """The head that runs along recordings, or None where there is no background, or no two sounds, to learn from.

    `rows` (N,) of the table can be used and have classes `codes` (N,); rows of one `unit` are never on two sides. `folder`
    holds backgrounds; clips of the class 'none' are backgrounds, too. *Raises* TrainingError for a folder without sounds.
    """
    head = next(head for head in network.targets.values() if isinstance(head, ClassHead))
    names = [str(level) for level in head.levels_]
    silent = codes == Hearing.silent_of(names)
    sounds = rows[~silent]
    if folder is None and not silent.any():
        return None
    if len(np.unique(unit[sounds.numpy()])) < 2:
        progress.say(
            "Warning: the clips in which something sounds are all of one group, so nothing can be held out to judge by: the "
            "model does not learn when a sound begins and ends, and listens clip by clip. Give clips of other groups."
        )
        return None
    network.eval()
    scenery = Scenery(network, table, sounds, codes[~silent], silent=rows[silent], folder=folder)
    hearing = Hearing(names, scenery.along.width, scenery.along.seconds)
    folds = judging_folds(sounds, codes[~silent], unit, seed)
    scenes = scenery.scenes(folds, hearing.silent, seed, progress)
    alone = scenery.alone(int(folds.max()) + 1, hearing.silent)
    moments = scenes.moments().beside(alone)
    _judge(hearing, scenery, scenes, moments)
    solve(hearing, moments)
    return hearing.eval()


@torch.no_grad()
def _judge(hearing: Hearing, scenery: Scenery, scenes: Scenes, moments: Moments) -> None:
    """Temperature and rule, from what each fold sounds like to the others."""
    count = scenes.blocks.shape[3]
    scores = torch.zeros(len(scenes.blocks), count, len(hearing.names))
    for fold in scenes.folds.unique().tolist():
        with torch.enable_grad():
            solve(hearing, moments.without(fold))
        out = scenes.folds == fold
        scores[out] = hearing.scores(along(scenes.blocks[out]).flatten(0, 1).float()).unflatten(0, (-1, count))
    known = scenes.classes >= 0
    hearing.calibrate(scores[known], scenes.classes[known])
    shares = (scores / hearing.temperature).softmax(dim=2).numpy()
    hop_s = scenery.along.hop_s
    first_s = float(scenery.along.moments_s(1)[0]) - hop_s / 2
    judged = [
        Scene(own, hop_s, first_s, [(start_s, end_s, hearing.names[code]) for start_s, end_s, code in events])
        for own, events in zip(shares, scenes.events, strict=True)
    ]
    hearing.rule = best_rule(hearing.names, judged, hearing.rule)
