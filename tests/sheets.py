"""CSV downloads as they are read: a header, rows, and the disclaimer that ends each of them."""

import csv
import io

from concord.web.labels import DISCLAIMER


def lines_of(download: str) -> list[str]:
    """The lines before the disclaimer."""
    *lines, last = download.removeprefix("\ufeff").splitlines()
    assert next(csv.reader([last])) == [str(DISCLAIMER)]
    return lines


def rows_of(download: str) -> list[dict[str, str]]:
    """The rows by the names in the header."""
    return list(csv.DictReader(io.StringIO("\n".join(lines_of(download)))))
