"""The methods of the Bot API: one function each, found by name in `registry.METHODS`."""
