"""Points on photos: a table with a pair of columns a point, and the formats of the programs that mark them."""
