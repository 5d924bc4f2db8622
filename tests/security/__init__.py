"""Tests of the second wall: what the database itself shows to whom."""
