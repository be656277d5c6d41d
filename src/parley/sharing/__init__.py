"""The room of spontaneous information: what one side offers the other unasked, and what became of it."""
