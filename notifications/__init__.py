"""What is said to whom, and how."""
