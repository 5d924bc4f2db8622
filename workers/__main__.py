"""`python -m workers`: one worker process, with the settings of the environment."""

import asyncio
import os
from contextlib import suppress

from concord.settings import Settings
from concord.web import logs
from workers.main import run


def main() -> None:
    settings = Settings.from_environment(os.environ)
    logs.configure(level=settings.log_level, output=settings.log_format)
    with suppress(asyncio.CancelledError):
        asyncio.run(run(settings))


if __name__ == "__main__":
    main()
