"""The same verbs on several machines: pieces of tables and recordings go through Ray Data to actors that hold the model."""
