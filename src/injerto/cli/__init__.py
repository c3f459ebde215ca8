"""Door: the command line. One file a verb; each calls what Python users call, by the same names."""
