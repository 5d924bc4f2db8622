"""Takes axe-core, by version and hash, into the folder of builds for `make accessibility`."""

import hashlib
import io
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "axe-core@4.14.1"
PACKAGE_SHA256 = "e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745"
INSIDE = "package/axe.min.js"
SCRIPT_SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
SCRIPT = Path(__file__).resolve().parent.parent / "build" / "axe.min.js"


def main() -> None:
    """Download only what is missing or altered, so that a second run needs no network."""
    if not SCRIPT.is_file() or digest(SCRIPT.read_bytes()) != SCRIPT_SHA256:
        with tempfile.TemporaryDirectory() as folder:
            take(download(Path(folder)))


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def download(folder: Path) -> bytes:
    """The package as npm packs it; nothing of it is installed or run by npm."""
    pack = ["npm", "pack", PACKAGE, "--silent", "--ignore-scripts", f"--pack-destination={folder}"]
    try:
        subprocess.run(pack, check=True, stdout=subprocess.DEVNULL)
    except FileNotFoundError:
        sys.exit("npm is missing: it brings axe-core (apt-get install npm)")
    content = next(folder.glob("*.tgz")).read_bytes()
    if digest(content) != PACKAGE_SHA256:
        sys.exit(f"{PACKAGE}: not the expected package")
    return content


def take(package: bytes) -> None:
    """Write the script, whole or not at all."""
    with tarfile.open(fileobj=io.BytesIO(package), mode="r:gz") as archive:
        found = archive.extractfile(INSIDE)
        content = found.read() if found else b""
    if digest(content) != SCRIPT_SHA256:
        sys.exit(f"{INSIDE}: not the expected content")
    SCRIPT.parent.mkdir(exist_ok=True)
    partial = SCRIPT.with_suffix(".new")
    partial.write_bytes(content)
    partial.replace(SCRIPT)


if __name__ == "__main__":
    main()
