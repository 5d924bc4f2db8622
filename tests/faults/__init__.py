"""Faults: people at work while processes and servers are killed; a checker judges what is left."""
