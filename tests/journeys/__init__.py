"""Whole stories, from end to end."""
