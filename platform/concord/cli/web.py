"""The ASGI application of one web process, with the settings of its environment."""

from starlette.applications import Starlette

from concord.app import create_app
from concord.cli.running import read_settings


def from_environment() -> Starlette:
    """What uvicorn calls in each of its processes."""
    return create_app(read_settings())
