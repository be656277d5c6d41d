"""Reviews: a period in figures that both nodes compute alike, agreed on by a cut, signed and commented."""
