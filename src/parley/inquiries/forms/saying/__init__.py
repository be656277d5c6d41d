"""Forms by which an officer says something about an inquiry: what each asks for, what was typed."""
