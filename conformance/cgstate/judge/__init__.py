"""The judge: pure functions from evidence to rulings, a module for each layer."""
