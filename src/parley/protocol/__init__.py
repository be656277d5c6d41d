"""What the two sides agree on: the treaty, in code.

Pure: no framework, no clock, no disk, no network. A line here can only change with the
other side's consent. The text that these pages carry out is `docs/protocol/`; a comment
or an error that says "Spec §4.2" means its paragraph 4.2.
"""
