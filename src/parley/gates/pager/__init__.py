"""Ringing our own people: texts that say nothing, by every way that a house has, written down before sent."""
