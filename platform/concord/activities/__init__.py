"""Assistance that is planned or under way: other parties' projects and the cover that prevents repetition."""
