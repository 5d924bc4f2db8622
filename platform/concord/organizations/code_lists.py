"""Which code lists administrators edit, and which columns of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from concord.errors import Text
from concord.reference.models import Beneficiary, Modality, Reason, Topic, Unit

Row = Topic | Modality | Beneficiary | Unit | Reason
LONGEST_LABEL = 120


@dataclass(frozen=True, slots=True)
class CodeList:
    """One list: `columns` are what may change besides the label and whether it is active."""

    model: type[Topic] | type[Modality] | type[Beneficiary] | type[Unit] | type[Reason]
    title: Text
    order: str
    columns: frozenset[str] = frozenset()


CODE_LISTS: Mapping[str, CodeList] = MappingProxyType(
    {
        "topics": CodeList(Topic, Text("Topics"), "number", frozenset({"safeguard"})),
        "modalities": CodeList(
            Modality, Text("Forms of assistance"), "number", frozenset({"cooling_days"})
        ),
        "beneficiaries": CodeList(
            Beneficiary, Text("Beneficiary institutions"), "number", frozenset({"security_force"})
        ),
        "units": CodeList(Unit, Text("Units"), "code"),
        "reasons": CodeList(Reason, Text("Reasons"), "code"),
    }
)


async def rows_of(listed: CodeList) -> list[Row]:
    return list(await listed.model.all().order_by(listed.order))


async def row_of(listed: CodeList, code: str) -> Row | None:
    return await listed.model.get_or_none(code=code)
