"""The door for tables and pasted text: what officers and banks already have in their hands.

`translate/` is pure: bytes in, a `Sheet` out. `reasons.py` says its codes in the officers' words.
"""
