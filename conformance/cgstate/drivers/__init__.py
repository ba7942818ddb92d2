"""Ways to make an emitter act: the control API, the bundled emitter, a class of the user's own."""
