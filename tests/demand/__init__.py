"""Tests of unmet demand in aggregate."""
