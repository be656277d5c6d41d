"""Backups: one file, sealed to a key that never lies on the node; made, verified, drilled, restored."""
