"""Requests of States for assistance, with their items."""
