"""Tests of the pairings area."""
