"""Sealed files by their hash, on this node's disk. No name of a user's ever becomes a path here."""
