"""Figures that README reports: run by hand, never timed in tests."""
