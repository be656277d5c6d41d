"""Inquiries. Spec §8.

Read `codes` and `bodies` (the words), `moves` (the table), `eye` (what is known), `clocks`
(what is due) and `apply` (the fold), in that order.
"""
