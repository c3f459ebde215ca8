"""Selections: stretches of a recording that somebody marked and named, in the formats of the programs that mark them."""
