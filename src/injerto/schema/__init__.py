"""Station 2: what the user declares, what is guessed with a reason, and what is wrong with it. No torch."""
