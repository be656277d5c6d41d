"""What is typed in this room and what its statements say in words, each as values."""
