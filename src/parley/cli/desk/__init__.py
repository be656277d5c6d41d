"""parley desk: who has the watch, what rings, and a desk in this terminal."""

from parley.cli.desk import muting, showing, taking, watching
from parley.cli.desk.noun import desk

__all__ = ["desk", "muting", "showing", "taking", "watching"]
