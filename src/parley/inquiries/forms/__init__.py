"""Text to values and back, without a framework: the letter, how rows become inquiries, what is typed."""
