"""Tests of the home area."""
