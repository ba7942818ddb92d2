"""The cases of the suite, a module for each theme: what is asked of an emitter to see what it reports."""
