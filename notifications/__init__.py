"""What is said to whom and how: pure messages, recipients, wording and channels."""
