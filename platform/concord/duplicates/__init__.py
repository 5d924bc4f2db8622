"""Flags that one record repeats another, and the answers to them."""
