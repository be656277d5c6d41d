"""Pages of the composer: they parse, call one action or query, and render."""
