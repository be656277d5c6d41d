"""The room of joint cases: what both sides work on together, and what each holds to be true of it."""
