"""Rosters that others keep: a sheet or a calendar becomes shifts, all of it or nothing."""
