"""Station 13: one self-contained HTML page on what was learned and how good it is. No network, no pictures beside it."""
