"""What an officer does in the composer: begins, types, takes in, chooses, sends."""
