"""Every page and command of organizations; the first match wins."""

from starlette.routing import Route

from concord.organizations.routes import (
    accreditation,
    acts,
    attachments,
    code_lists,
    listing,
    profiles,
    screening,
)

routes: list[Route] = [
    *listing.routes,
    *profiles.routes,
    *screening.routes,
    *accreditation.routes,
    *attachments.routes,
    *acts.routes,
    *code_lists.routes,
]
