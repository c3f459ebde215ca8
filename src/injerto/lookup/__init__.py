"""The learned lookup of a category column, taken out of its model: a table, the nearest levels, a map."""
