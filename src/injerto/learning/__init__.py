"""Station 9: how the network learns."""
