"""The room of inquiries: what was asked, where each item stands, whose move it is."""
