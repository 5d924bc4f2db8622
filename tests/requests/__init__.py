"""Tests of the area requests."""
