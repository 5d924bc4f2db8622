"""Random steps by random people at random times, and what holds after each."""
