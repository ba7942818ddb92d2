"""From rulings to a verdict and an exit status; pure."""
