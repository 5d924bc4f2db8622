"""What follows an approved match: terms of reference, deliveries, evaluation and closing."""
