"""Rows for tests: each factory makes one thing in one state, by the shortest way."""
