"""What our people typed and have not said: every version of every field, from the first second on."""
