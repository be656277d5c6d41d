"""Two countries on one computer: the sample that the demonstration sends, and its story."""
