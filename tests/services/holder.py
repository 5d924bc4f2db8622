"""A process that uses the servers of a folder until its standard input ends."""

import sys
from pathlib import Path

from concord.services import embedded_services

if __name__ == "__main__":
    with embedded_services(Path(sys.argv[1])) as urls:
        print(urls.database_url, urls.redis_url, flush=True)
        sys.stdin.read()
