"""Where an officer pastes what a bank sent, and inquiries to the other side come out; nothing is lost."""
