"""The workbench, and the duplicates that wait for an answer."""

from concord.pairings.routes import duplicates, workbench

routes = [*workbench.routes, *duplicates.routes]
