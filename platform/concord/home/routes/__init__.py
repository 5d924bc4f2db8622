"""Pages of no one area: the first page, words, figures, the trail, and what was not delivered."""

from concord.home.routes import audit, demo_mail, front, outbox

routes = [*front.routes, *audit.routes, *outbox.routes, *demo_mail.routes]
