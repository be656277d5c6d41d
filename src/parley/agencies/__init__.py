"""Who we are: the officers of this node, and the journal of what they did."""
