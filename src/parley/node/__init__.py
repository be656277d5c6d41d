"""Assembly only: settings, addresses, processes. What the parts do, they say themselves."""
