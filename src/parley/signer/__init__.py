"""The only holder of the keys that sign heads and receipts, and of the anchor that says what they signed."""
