"""Exit codes: what a script learns without reading a word. 0 is kept for all being well."""

from __future__ import annotations

from typing import Final

PROBLEM: Final = 1
"""A mistake with a message, or problems that `check` found."""
USAGE: Final = 2
"""A verb, option or argument that does not exist or has a wrong value."""
SOME_ROWS_UNUSED: Final = 3
"""The work is done and written, but some rows could not be used; they are listed."""
DRIFTED: Final = 4
"""A table differs from the rows a model was trained on by more than chance; whatever rows could not be used."""
INTERRUPTED: Final = 130
"""Stopped from the keyboard."""
