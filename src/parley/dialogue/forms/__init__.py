"""What is typed, to what acts and their bodies hold, and back."""
