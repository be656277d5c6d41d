"""What the pages of this room show, put into words."""
