"""What is typed, pasted and ticked, to rows, letters and sentences, and back; no table is looked at here."""
