"""Internal notes: what stays at home. A room of its own, so that no code that sends can reach it (U-11)."""
