"""The verbs by which people, tests and the demo page act in the simulated world."""
