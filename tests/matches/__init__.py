"""Matches, from proposal to approval and every exit."""
