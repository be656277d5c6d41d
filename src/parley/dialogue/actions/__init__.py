"""What an officer can do in the dialogue: one verb, one statement, through the one door of the record."""
