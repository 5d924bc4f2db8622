"""Tests of the duplicates area."""
