"""Why the model answers one row as it does: where in its files it looked, what each column did, which rows are like it."""
