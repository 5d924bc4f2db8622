"""Sample requests, offers, labels, organizations and people for the demo and the tests."""

from importlib.resources import files


def content(name: str) -> bytes:
    """One of the sample's files, by its name without the ending."""
    return files("concord.demo.sample").joinpath(f"{name}.csv").read_bytes()
