"""Bytes of foreign formats: texts for phones, SMPP, syslog, shifts in a calendar. Pure."""
