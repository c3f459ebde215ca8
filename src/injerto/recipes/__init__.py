"""Chains of models: what one finds is what the next looks at. Each is a model folder of its own, and is scored on its own."""
