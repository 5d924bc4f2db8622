"""Ways out of the platform."""
