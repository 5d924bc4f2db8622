"""Pairings taken forward, from proposal to approval and beyond."""
