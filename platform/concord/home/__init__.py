"""The first page of every role, statistics, help and the audit trail."""
