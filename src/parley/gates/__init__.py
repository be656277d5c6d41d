"""Doors to the outside: one folder for each foreign format or foreign host."""
