"""Parley: a sovereign node for each state, and one record that neither side can rewrite."""

from typing import Final

__version__: Final = "0.1.0"
