"""Sharing: spontaneous information, offered with conditions, opened when they are undertaken.

Read in this order: `codes`, `bodies`, `apply` (who may say what, and what it comes to), `passing` (to whom it
may be passed on), `account`.
"""
