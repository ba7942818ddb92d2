"""How a verdict is shown: console, JSON, JUnit, the reference page."""
