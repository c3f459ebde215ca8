"""Plain models on the same rows, which any model should beat."""
