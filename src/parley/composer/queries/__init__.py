"""What the pages of the composer show; reads only."""
