"""The database's history, in order; `concord migrate` applies it."""
