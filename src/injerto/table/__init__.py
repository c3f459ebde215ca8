"""Station 1: rows and columns as they came; nothing learned."""
