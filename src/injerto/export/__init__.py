"""A trained model leaves the house: as an ONNX graph with a script beside it, or as a folder for a model hub."""
