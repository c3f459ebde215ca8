"""Points on a photo on their way out of a graph, in pixels of the upright photo."""

from __future__ import annotations

import torch
from torch import Tensor

from injerto.export.answer import Answer, Outlet
from injerto.export.nodes import Nodes
from injerto.heads.circles import COVERAGE
from injerto.heads.keypoints import ANSWERS, KeypointsHead
from injerto.heads.radii import Radii


class KeypointsAnswer(Answer[KeypointsHead]):
    """Of each point x, y, the radius of its circle, how sure it is, and the chance that it is in the picture."""

    def tensors(self, answer: Tensor) -> dict[str, Tensor]:
        """(1,K,5)."""
        if isinstance(self.cover, Radii):
            answer = torch.cat([answer[:, :, :2], answer[:, :, 2:3] * self.cover.wider, answer[:, :, 3:]], dim=2)
        return {self.head.name: answer}

    def nodes(self, nodes: Nodes, found: dict[str, str]) -> list[Outlet]:
        name, points = self.head.name, self.head.points
        nodes.add("Identity", found[name], out=name)
        columns = [f"{point}_{what}" for point in points for what in ANSWERS]
        coverage = self.cover.coverage if isinstance(self.cover, Radii) else COVERAGE
        words = f"of each point {', '.join(ANSWERS)}: x and y in pixels of the upright photo from the centre of its upper left "
        words += f"pixel, the radius of the circle that holds {coverage:.0%} of true places, and two chances"
        return [Outlet(name, "DOUBLE", (1, len(points), len(ANSWERS)), columns, words)]


def in_pixels(answer: Tensor, place: Tensor) -> Tensor:
    """Answers (1,K,5) in shares of the side of a square, to pixels: `place` (3,) is its left, top and side.

    As `Framing.pixels_of` for photos that are upright.
    """
    corner, side = place[:2].double(), place[2].double()
    xy = answer[:, :, :2] * side - 0.5 + corner
    return torch.cat([xy, answer[:, :, 2:3] * side, answer[:, :, 3:]], dim=2)
