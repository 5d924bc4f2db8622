"""Offers of providers, with their slots."""
