"""What the environment decides: read once, validated, secrets hidden in repr."""

from concord.settings.addresses import Bind, Smtp
from concord.settings.clocks import Clocks
from concord.settings.reading import SettingsError
from concord.settings.redis_address import RedisAddress
from concord.settings.values import Settings

__all__ = ["Bind", "Clocks", "RedisAddress", "Settings", "SettingsError", "Smtp"]
