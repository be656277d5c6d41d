"""What pages and commands show of reviews; reads only."""
