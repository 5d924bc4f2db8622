"""Computed candidates: a request against an offer, ranked and explained."""
