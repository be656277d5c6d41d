"""What pages call the kinds of statements: as a judge's verifier does (Spec §11.7.6)."""

from parley.protocol.verify.kindwords import KINDS

__all__ = ["KINDS"]
