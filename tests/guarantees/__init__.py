"""What the database refuses, whatever the code asks of it."""
