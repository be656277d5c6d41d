"""The review: what both sides said in a period, in figures that both nodes compute alike. Spec §18.

Read `bodies` (what is said of a review), `standing` (what became of it), `numbers` (counts that know what
they count), `tally` (inquiries), `calling` (calls and line tests), `figures` and `account`, in that order.
"""
