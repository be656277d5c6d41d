"""Tests of the line: what is tried in turn, what came of it, and who explains what failed. Spec §13.

Read `bodies` and `texts` (the words), `trials` (one test that was held), `periods` (the calendar and its
results), `tickets` (what is unexplained), `figures` and `account`, in that order.
"""
