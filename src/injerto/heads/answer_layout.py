"""Where the answers of kind "individual" hold what: (n, 4 + 2 SHOWN), four figures, then codes, then their probabilities."""

from __future__ import annotations

NEW, RANK, PROBABILITY, AVERAGE_PRECISION = 0, 1, 2, 3
"""Columns: the chance that the individual is new; the place of the true one among all (1 is first); its probability among
those in the gallery; the average precision of the ranking of gallery photos. The last three are NaN where nothing is known."""
SHOWN = 10
"""Look-alikes kept of every answer, the likeliest first: SHOWN codes (-1 where fewer), then SHOWN probabilities."""
CODES = slice(4, 4 + SHOWN)
CHANCES = slice(4 + SHOWN, 4 + 2 * SHOWN)
WIDTH = 4 + 2 * SHOWN
