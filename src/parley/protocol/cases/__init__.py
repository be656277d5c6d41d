"""Joint cases: proposed by one side, joined by the other; shared leads, tasks, evidence, and findings.

Read in this order: `codes`, `bodies`, `eye` (who may say what, when), `apply` (what it comes to), `account`,
`report`.
"""
