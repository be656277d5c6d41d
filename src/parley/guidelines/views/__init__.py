"""Pages of guidelines: what holds, what is on the table, a new text, and the signing of one."""
