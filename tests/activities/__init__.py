"""Tests of external activities."""
