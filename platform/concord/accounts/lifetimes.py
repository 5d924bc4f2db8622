"""How long sessions and links live."""

from datetime import timedelta

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
RESET = timedelta(minutes=60)
