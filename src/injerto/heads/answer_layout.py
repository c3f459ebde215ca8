"""Where the answers of kind "individual" hold what: (n, 5 + 2 SHOWN), five figures, then codes, then their probabilities."""

from __future__ import annotations

NEW, RANK, PROBABILITY, AVERAGE_PRECISION, SQUARES = 0, 1, 2, 3, 4
"""Columns: the chance that the individual is new; the place of the true one among all (1 is first); its probability among
those in the gallery; the average precision of the ranking of gallery photos; the sum of the squares of the probabilities of all
in the gallery. Rank, probability and precision are NaN where nothing is known, squares where nobody is admitted."""
FIGURES = 5
SHOWN = 10
"""Look-alikes kept of every answer, the likeliest first: SHOWN codes (-1 where fewer), then SHOWN probabilities."""
CODES = slice(FIGURES, FIGURES + SHOWN)
CHANCES = slice(FIGURES + SHOWN, FIGURES + 2 * SHOWN)
WIDTH = FIGURES + 2 * SHOWN
