"""Offers: rules, actions, clocks and pages."""
