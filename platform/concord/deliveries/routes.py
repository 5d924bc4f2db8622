"""Addresses of deliveries, and of what follows the approval of a match."""

from concord.deliveries import browsing, shown
from concord.web.routing import page

DELIVERY = "/deliveries/{id}"

routes = [
    page("/deliveries", browsing.index, name="deliveries"),
    page("/deliveries.ics", browsing.feed, name="deliveries_feed"),
    page("/deliveries/calendar", browsing.calendar, name="deliveries_calendar"),
    page(DELIVERY, shown.show, name="delivery"),
]
