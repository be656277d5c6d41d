"""Guidelines: one text in two languages whose fields are the terms, from its proposal until it holds."""
