"""Statements at rest: the record of this node, its one door in, and the ways to read it."""
