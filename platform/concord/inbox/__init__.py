"""What a person was told, and their open tasks."""
