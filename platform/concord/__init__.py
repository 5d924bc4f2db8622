"""Concord: partnership coordination and request-offer matching."""
