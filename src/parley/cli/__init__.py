"""The command line `parley`: noun and verb; one file per noun."""
