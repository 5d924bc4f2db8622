"""`concord serve`: the pages, in as many processes as the settings say."""

import asyncio
import os
import socket

import uvicorn
from uvicorn.supervisors import Multiprocess

from concord.cli.migrate import bring_up_to_date
from concord.cli.running import application, read_settings, refuse, require_migrations, services
from concord.settings import Bind, Settings

GRACE = 20  # seconds for answers in hand at a stop
app = application("Serve the pages; Ctrl-C or SIGTERM ends it after the answers in hand.")


@app.command()
def serve() -> None:
    """Serve the pages until told to stop."""
    settings = read_settings()
    with services(settings) as ready:
        if settings.needs_embedded_postgres:
            asyncio.run(bring_up_to_date(ready, illustrative=ready.demo))
        else:
            asyncio.run(require_migrations(ready))
        os.environ.pop("CONCORD_PORT", None)  # said by CONCORD_BIND from here on
        os.environ.update(ready.as_environment())
        answer(ready)


def answer(settings: Settings) -> None:
    """Listen, then run uvicorn in this process or as the parent of several."""
    listening = listen(settings.bind)
    config = uvicorn.Config(
        "concord.cli.web:from_environment",
        factory=True,
        workers=settings.web_processes,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips="127.0.0.1,::1",
        timeout_graceful_shutdown=GRACE,
        timeout_keep_alive=15,
    )
    print(f"Concord answers at {settings.public_url}", flush=True)
    if settings.web_processes > 1:
        Multiprocess(config, sockets=[listening]).run()
    else:
        uvicorn.Server(config).run(sockets=[listening])


def listen(bind: Bind) -> socket.socket:
    """The socket that all processes share; exits with a sentence when the address is taken."""
    listening = socket.socket(socket.AF_INET6 if ":" in bind.host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((bind.host, bind.port))
    except OSError as error:
        refuse(f"cannot listen on {bind}: {error.strerror}. Set CONCORD_PORT to a free port.")
    listening.set_inheritable(True)
    return listening
