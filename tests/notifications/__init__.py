"""Tests of what is said to whom."""
