"""Hashing the record anew, saying what is damaged in it, and putting back what another copy still has."""
