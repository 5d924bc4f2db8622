"""The command `concord`: thin commands over actions."""
