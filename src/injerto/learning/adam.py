"""AdamW by parameter group, on torch's fused kernel: the same bits as torch.optim.AdamW, without its work in Python."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from injerto.learning.multipliers import Group

MEAN_DECAY, SQUARE_DECAY, EPSILON = 0.9, 0.999, 1e-8


class AdamW:
    """Steps along a running mean of the gradient, divided by the root of a running mean of its square.

    torch.optim.AdamW gathers its lists of tensors anew every step, which took a twentieth of a step on small networks;
    here they are made once.

    *Source*: Loshchilov & Hutter 2019, Decoupled Weight Decay Regularization, algorithm 2.
    """

    def __init__(self, groups: Sequence[Group], learning_rate: float, weight_decay: float) -> None:
        self.weight_decay = weight_decay
        self.rates = {group.name: learning_rate * group.multiplier for group in groups}
        """Full learning rate of each group."""
        self.moments = {group.name: [_Moments(parameter) for parameter in group.parameters] for group in groups}

    def forget_gradients(self) -> None:
        """Free the gradients, so that the next ones take their place instead of being added."""
        for moments in self.moments.values():
            for one in moments:
                one.parameter.grad = None

    def to(self, device: torch.device) -> None:
        """Move what is remembered to where the parameters are now."""
        for moments in self.moments.values():
            for one in moments:
                one.to(device)

    @torch.no_grad()
    def step(self, factor: float) -> None:
        """One step at `factor` times the full rates; what has no gradient stays as it is."""
        for name, rate in self.rates.items():
            found = [(one, one.parameter.grad) for one in self.moments[name]]
            for one, gradient in found:
                if gradient is not None and gradient.is_sparse:
                    one.step_rows(gradient, rate * factor, self.weight_decay)
            whole = [(one, gradient) for one, gradient in found if gradient is not None and not gradient.is_sparse]
            gradients = [gradient for _, gradient in whole]
            moved = [one for one, _ in whole]
            if not moved:
                continue
            counts = [one.steps for one in moved]
            torch._foreach_add_(counts, 1)
            torch._fused_adamw_(
                [one.parameter for one in moved],
                gradients,
                [one.mean for one in moved],
                [one.square for one in moved],
                [],
                counts,
                lr=rate * factor,
                beta1=MEAN_DECAY,
                beta2=SQUARE_DECAY,
                weight_decay=self.weight_decay,
                eps=EPSILON,
                amsgrad=False,
                maximize=False,
            )
            # torch's own step does not say that it wrote; a lookup that keeps its matrix asks.
            torch.autograd.graph.increment_version([one.parameter for one in moved])

    def tensors(self) -> dict[str, Tensor]:
        """Moments and counts of steps under flat names, for a checkpoint."""
        return {key: value for name, moments in self.moments.items() for key, value in _flat(name, moments)}

    def restore(self, tensors: dict[str, Tensor]) -> None:
        """Put back what `tensors` gave."""
        for key, value in self.tensors().items():
            value.copy_(tensors[key])


class _Moments:
    """What is remembered of one parameter's gradients."""

    def __init__(self, parameter: nn.Parameter) -> None:
        self.parameter = parameter
        self.mean, self.square = torch.zeros_like(parameter), torch.zeros_like(parameter)
        self.steps = torch.zeros(())

    def to(self, device: torch.device) -> None:
        """Move it, after its parameter."""
        self.mean, self.square, self.steps = self.mean.to(device), self.square.to(device), self.steps.to(device)

    def step_rows(self, gradient: Tensor, rate: float, weight_decay: float) -> None:
        """One step of the rows that a sparse gradient names; all others, and their moments, stay as they are.

        NOTE differs from the paper: moments of a row that is not in the batch do not fade, as in torch's SparseAdam. To let
        10 million rows fade would cost a hundred times the step.
        """
        self.steps += 1
        gradient = gradient.coalesce()
        rows, values = gradient.indices()[0], gradient.values()
        mean = self.mean.index_select(0, rows).lerp_(values, 1 - MEAN_DECAY)
        square = self.square.index_select(0, rows).mul_(SQUARE_DECAY).addcmul_(values, values, value=1 - SQUARE_DECAY)
        steps = float(self.steps)
        root = (square / (1 - SQUARE_DECAY**steps)).sqrt_().add_(EPSILON)
        moved = self.parameter.index_select(0, rows).mul_(1 - rate * weight_decay)
        moved.addcdiv_(mean, root, value=-rate / (1 - MEAN_DECAY**steps))
        for whole, part in ((self.parameter, moved), (self.mean, mean), (self.square, square)):
            whole.index_copy_(0, rows, part)


def _flat(name: str, moments: list[_Moments]) -> list[tuple[str, Tensor]]:
    return [
        (f"{name}/{index}/{key}", value)
        for index, one in enumerate(moments)
        for key, value in (("mean", one.mean), ("square", one.square), ("steps", one.steps))
    ]
