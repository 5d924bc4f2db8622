"""Every write on portfolios: a run is asked for, solved, and proposed row by row."""

from concord.portfolio.actions.proposing import propose_rows
from concord.portfolio.actions.running import ask, store

__all__ = ["ask", "propose_rows", "store"]
