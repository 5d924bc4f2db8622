"""Portfolios: an assignment over all open requests that a coordinator serves, as one proposal."""
