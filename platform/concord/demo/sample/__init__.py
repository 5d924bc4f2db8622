"""Sample requests, offers, labels, organizations and people for the demo and the tests."""
