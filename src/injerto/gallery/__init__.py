"""Station 6a: who is known, as photos and vectors that grow without training."""
