"""What the loops of rossmann_speed.py share: the paper's network, the batch, and the stop at every so many of them."""

from __future__ import annotations

from turns import my_turn

EMBEDDED = {"Store": 10, "DayOfWeek": 6, "Year": 2, "Month": 6, "Day": 10, "State": 6}
"""Width of each lookup; `Promo` is 0 or 1."""
HIDDEN = (1000, 500)
BATCH_ROWS = 1024
DROPOUT = 0.1
BATCHES = 64
"""To a turn."""


class Pace:
    """Counts batches, and waits for its turn at every 64th."""

    def __init__(self) -> None:
        self.batches = 0

    def batch(self) -> None:
        """To be called once for each training batch."""
        if self.batches % BATCHES == 0:
            my_turn()
        self.batches += 1
