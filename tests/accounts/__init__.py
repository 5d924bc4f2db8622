"""Sign-in, links, sessions and the people of the platform."""
