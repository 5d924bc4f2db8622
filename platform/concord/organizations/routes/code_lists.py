"""Code lists: every list, one list, one entry."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from concord.errors import InvalidInput, NotAllowed, NotFound, StaleVersion
from concord.organizations import actions, forms
from concord.organizations.code_lists import CODE_LISTS, CodeList, Row, row_of, rows_of
from concord.organizations.policy import may_edit_code_lists
from concord.organizations.routes.reading import Typed, actor_of, typed_text
from concord.reference.queries import code_lists
from concord.web.flash import see_other
from concord.web.forms import reader
from concord.web.i18n import gettext as _
from concord.web.pagination import csv_response
from concord.web.rendering import render
from concord.web.routing import command, page

BASE = "/admin/code-lists"
FLAGS = ("cooling_days", "security_force", "safeguard")
CSV_HEADER = ("code", "label", "active", *FLAGS, "edited_at")


async def show_lists(request: Request) -> Response:
    _check_admin(request)
    kept = await code_lists()
    counts = {name: len(getattr(kept, name)) for name in CODE_LISTS}
    return render(request, "organizations/code_lists.html", lists=CODE_LISTS, counts=counts)


async def show_list(request: Request) -> Response:
    _check_admin(request)
    name, listed = _asked_list(request)
    rows = await rows_of(listed)
    if request.query_params.get("format") == "csv":
        return csv_response(f"{name}.csv", CSV_HEADER, [_csv_row(row) for row in rows])
    search = request.query_params.get("q", "").strip().casefold()[:100]
    shown = [row for row in rows if search in f"{row.code} {_(row.label)}".casefold()]
    return render(
        request,
        "organizations/code_list.html",
        name=name,
        listed=listed,
        rows=shown,
        search=search,
        group_of={row.code: getattr(row, "parent_code", None) for row in rows},
    )


async def show_entry(request: Request) -> Response:
    _check_admin(request)
    name, listed = _asked_list(request)
    row = await _asked_row(request, listed)
    return _entry_page(request, name, listed, row, typed=_typed_of(row))


async def edit_entry(request: Request) -> Response:
    _check_admin(request)
    name, listed = _asked_list(request)
    row = await _asked_row(request, listed)
    typed = await typed_text(request)
    try:
        read = await reader(request)
        seen_at = forms.seen_at(read)
        edit = forms.code_list_edit(read, listed)
        await actions.edit_code(
            name, row.code, edit, seen_at=seen_at, actor=actor_of(request), now=request.state.now
        )
    except InvalidInput as refused:
        return _entry_page(
            request, name, listed, row, typed=typed, errors=refused.fields, status=422
        )
    except StaleVersion as stale:
        fresh = await _asked_row(request, listed)
        return _entry_page(
            request, name, listed, fresh, typed=typed, errors={"": stale.message}, status=409
        )
    return see_other(f"{BASE}/{name}", _("The entry is saved."))


def _check_admin(request: Request) -> None:
    if not may_edit_code_lists(actor_of(request)):
        raise NotAllowed("Only an administrator edits code lists.")


def _asked_list(request: Request) -> tuple[str, CodeList]:
    name = request.path_params["list"]
    listed = CODE_LISTS.get(name)
    if listed is None:
        raise NotFound
    return name, listed


async def _asked_row(request: Request, listed: CodeList) -> Row:
    row = await row_of(listed, request.path_params["code"])
    if row is None:
        raise NotFound
    return row


def _entry_page(
    request: Request,
    name: str,
    listed: CodeList,
    row: Row,
    *,
    typed: Typed,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    context: dict[str, Any] = {
        "name": name,
        "listed": listed,
        "row": row,
        "edited_at": row.edited_at.isoformat() if row.edited_at else "",
        "stored": _typed_of(row) if status == 409 else {},
    }
    return render(
        request,
        "organizations/code_entry.html",
        status=status,
        errors=errors or {},
        typed=typed,
        **context,
    )


def _typed_of(row: Row) -> Typed:
    return {
        "label": row.label,
        "active": "yes" if row.active else "",
        "cooling_days": str(getattr(row, "cooling_days", "")),
        "security_force": "yes" if getattr(row, "security_force", False) else "",
        "safeguard": "yes" if getattr(row, "safeguard", False) else "",
    }


def _csv_row(row: Row) -> tuple[object, ...]:
    return (
        row.code,
        row.label,
        row.active,
        *(getattr(row, name, "") for name in FLAGS),
        row.edited_at.isoformat() if row.edited_at else "",
    )


routes = [
    page(BASE, show_lists),
    page(f"{BASE}/{{list}}", show_list),
    page(f"{BASE}/{{list}}/{{code}}", show_entry),
    command(f"{BASE}/{{list}}/{{code}}", edit_entry),
]
