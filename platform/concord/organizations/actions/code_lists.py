"""Entries of the code lists are relabelled, switched off and on; none is ever deleted."""

from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from concord import audit
from concord.actor import Actor
from concord.commits import after_commit
from concord.database import transaction
from concord.errors import NotAllowed, NotFound, StaleVersion
from concord.organizations.code_lists import CODE_LISTS
from concord.organizations.policy import may_edit_code_lists
from concord.organizations.values import CodeListEdit
from concord.reference import queries as reference


async def edit_code(
    name: str,
    code: str,
    values: CodeListEdit,
    *,
    seen_at: datetime | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Change an entry that was last edited at `seen_at`; `StaleVersion` if it was edited since.

    New requests and offers see the change at once in this process, within seconds elsewhere.
    """
    if not may_edit_code_lists(actor):
        raise NotAllowed("Only an administrator edits code lists.")
    listed = CODE_LISTS.get(name)
    if listed is None:
        raise NotFound
    async with transaction():
        row = await listed.model.select_for_update().get_or_none(code=code)
        if row is None:
            raise NotFound
        if row.edited_at != seen_at:
            raise StaleVersion("Somebody has changed this entry since you opened it.")
        wanted = {"label": values.label, "active": values.active}
        wanted |= {column: getattr(values, column) for column in listed.columns}
        changed = sorted(key for key, value in wanted.items() if getattr(row, key) != value)
        row.update_from_dict({**wanted, "edited_at": now})
        await row.save()
        await audit.record(
            "code_list.edited",
            actor=actor,
            subject_kind="code_list",
            subject_id=code_id(name, code),
            now=now,
            list=name,
            code=code,
            fields=changed,
        )
        after_commit(reference.forget)


def code_id(name: str, code: str) -> UUID:
    """The id of an entry in the audit trail: entries are keyed by code and have none."""
    return uuid5(NAMESPACE_URL, f"concord:code-list:{name}:{code}")
