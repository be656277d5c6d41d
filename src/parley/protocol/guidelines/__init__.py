"""Guidelines: a text in two languages whose numbers are fields, so that it is the terms. Spec §16.

Read `bodies` (what is said), `force` (which text holds), `fields` and `words` (what a placeholder shows),
`text` (the text itself), `prose` (the first one), `compare` and `replay` (what a change changes), in that
order.
"""
