"""Pages of reviews: a new cut, the figures with their places, signing, a table, a paper."""
