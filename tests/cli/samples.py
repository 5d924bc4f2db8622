"""CSV files for imports, made from a few cells."""

import csv
import io
from collections.abc import Mapping
from importlib.resources import files

REQUEST = {
    "external_id": "A-1",
    "state": "QMM",
    "title": "Training of first responders",
    "description": "Officers need to handle digital evidence.",
    "language": "en",
    "topics": "INV.02;EVD.02",
    "modality": "training_course",
    "institution": "National Police of QM",
    "quantity": "40",
    "unit": "training_places",
    "starts_on": "2027-03-01",
    "ends_on": "2027-11-30",
}
OFFER = {
    "external_id": "B-1",
    "organization": "Illustrative Forensics Institute",
    "organization_kind": "academia",
    "title": "A course on digital evidence",
    "description": "Five days for first responders.",
    "topics": "INV.02",
    "modality": "training_course",
    "capacity": "60",
    "unit": "training_places",
    "funding": "full",
}


def as_csv(*rows: Mapping[str, str]) -> bytes:
    """A file whose columns are those of the first row, then whatever the others add."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def sample(name: str) -> bytes:
    return files("concord.demo.sample").joinpath(f"{name}.csv").read_bytes()
