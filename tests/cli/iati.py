"""Imports IATI files in tests."""

import io
from datetime import datetime

from concord.activities.values import Imported, Provenance
from concord.actor import Role
from concord.cli.actors import operator
from concord.cli.imports.activities import Read
from concord.cli.imports.iati import bring_iati
from tests.activities.iati_files import PUBLISHER
from tests.conftest import NOW


async def bring(
    content: bytes, *, publisher: str = PUBLISHER, for_others: bool = False, now: datetime = NOW
) -> tuple[Read, Imported]:
    return await bring_iati(
        io.BytesIO(content),
        provenance=Provenance(file_name="file.xml", sha256="0" * 64, publisher=publisher),
        for_others=for_others,
        actor=operator(Role.ADMIN),
        now=now,
    )


def told(found: Read) -> list[tuple[str, str]]:
    """Where and why, of each activity that was refused."""
    return [(each.column, each.reason) for each in found.table.problems]
