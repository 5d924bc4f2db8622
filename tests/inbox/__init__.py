"""Tests of the inbox area."""
