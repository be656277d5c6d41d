"""Ground floor: what runs by the clock, and where a node's files lie."""
