"""A process that uses the servers of a folder until its standard input ends."""

import signal
import sys
from pathlib import Path

from concord.services import embedded_services

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # the tests may run without it
    with embedded_services(Path(sys.argv[1])) as urls:
        print(urls.database_url, urls.redis_url, flush=True)
        sys.stdin.read()
