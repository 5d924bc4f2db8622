"""What the clients saw: each command with its key, and how it was answered."""

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(slots=True)
class Command:
    """One form that was sent, perhaps several times under its one key.

    `status` is that of the answer, None while nobody has answered; `location` is where a
    redirect led.
    """

    key: str
    person_id: UUID
    role: str
    address: str
    sent: int = 0
    status: int | None = None
    location: str = ""

    @property
    def acknowledged(self) -> bool:
        return self.status == 303

    @property
    def verb(self) -> str:
        """The last word of the address: `consent` of `/matches/MAT-…/consent`."""
        return self.address.rpartition("/")[2]

    @property
    def subject(self) -> str:
        """The public id in the address."""
        return self.address.split("/")[2]


@dataclass(slots=True)
class History:
    """Everything that was recorded, in the order in which commands were first sent."""

    commands: list[Command] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    matches: list[str] = field(default_factory=list)
    """Public ids of the matches that were proposed."""
