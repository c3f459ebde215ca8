"""Station 4: pretrained networks, their weights, and the fast path to frozen features."""
