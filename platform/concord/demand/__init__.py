"""Unmet demand in aggregate: topics and regions, never a case."""
