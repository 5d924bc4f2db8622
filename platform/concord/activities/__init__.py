"""Assistance planned or under way: others' projects, and the cover that prevents repetition."""
