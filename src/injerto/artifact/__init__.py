"""Station 10: the trained thing, in memory and as a folder."""
