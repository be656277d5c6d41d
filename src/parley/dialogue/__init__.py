"""The dialogue: commitments and their concerns, rounds, and what is made public together. Spec §17."""
