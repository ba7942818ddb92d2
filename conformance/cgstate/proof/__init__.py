"""The suite on trial: implementations that are wrong in one known way each, and what it says of them."""
