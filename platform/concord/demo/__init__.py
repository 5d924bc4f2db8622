"""Sample data, played through actions with a moving clock."""
