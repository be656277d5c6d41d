"""Calls on the hotline. Spec §12.

Read `codes`, `mark` and `bodies` (the words), `eye` (what is known, and who may say what), `apply` (the
fold), `bell` (who owes whom a word) and `ladder` (who is rung, and when), in that order.
"""
