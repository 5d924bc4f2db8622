"""The worker: leases outbox rows and runs jobs."""
