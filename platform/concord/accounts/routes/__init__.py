"""Pages of accounts: sign-in, links, one's own account, and the people of the platform."""

from concord.accounts.routes import account, links, people, person, signing_in

routes = [
    *signing_in.routes,
    *links.routes,
    *account.routes,
    *people.routes,
    *person.routes,
]
