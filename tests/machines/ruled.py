"""What the tables say about a step: whether it may be, and where it may lead."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar
from uuid import UUID

from tortoise.connection import get_connection

from concord.actor import Actor
from concord.machine import Machine

S = TypeVar("S", bound=StrEnum)
HEAD = "SELECT coalesce(max(seq), 0) AS head FROM audit_entry"


async def head_of_trail() -> int:
    rows = await get_connection("default").execute_query_dict(HEAD)
    found: int = rows[0]["head"]
    return found


@dataclass
class Table(Generic[S]):
    """One machine, and the table of the database whose rows it rules."""

    machine: Machine[S]
    table: str

    async def states(self) -> dict[UUID, S]:
        rows = await get_connection("default").execute_query_dict(
            f'SELECT id, state FROM "{self.table}"'
        )
        return {row["id"]: self.machine.states(row["state"]) for row in rows}

    def check_said(self, verb: str, actor: Actor, subject: UUID, before: S, after: S) -> None:
        """A step that was taken is one of the table's, by one of its roles."""
        rule = self.machine.rules[verb]
        assert actor.role in rule.roles, f"{verb} by {actor.role}"
        assert any(source == before for source, _target in rule.routes), f"{verb} from {before}"
        assert (before, after) in rule.routes, f"{verb}: {before} to {after}"

    def check_moved(self, before: Mapping[UUID, S], after: Mapping[UUID, S]) -> None:
        """Whatever moved along with it went a way of the table; nothing was lost or reopened."""
        assert before.keys() <= after.keys()
        for subject, state in after.items():
            was = before.get(subject, self.machine.initial)
            assert state in self.reached_from(was), f"{self.table}: {was} to {state}"

    def reached_from(self, state: S) -> set[S]:
        """Where any steps lead: an act may take several, as a resumption that is delivered."""
        found, ahead = {state}, [state]
        while ahead:
            here = ahead.pop()
            ahead += [
                target
                for _verb, source, target in self.machine.moves()
                if source == here and target not in found
            ]
            found.update(ahead)
        return found
