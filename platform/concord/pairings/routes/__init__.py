"""The workbench, the duplicates that wait for an answer, and the matcher's models."""

from concord.pairings.routes import duplicates, models, outlook, rankings, workbench

routes = [
    *workbench.routes,
    *outlook.routes,
    *duplicates.routes,
    *models.routes,
    *rankings.routes,
]
