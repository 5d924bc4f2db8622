"""Attachments, always served as downloads."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from concord.organizations.queries import attachment_for
from concord.organizations.routes.reading import actor_of
from concord.organizations.visibility import attachment_openings
from concord.web.routing import page


async def download(request: Request) -> Response:
    """The bytes as they came, under the type that was found in them; never shown inline."""
    kept = await attachment_for(actor_of(request), request.path_params["attachment"])
    if note := attachment_openings.get(kept.subject_kind):
        await note(actor_of(request), kept.subject_id, request.state.now)
    plain = "".join(sign if sign.isascii() and sign.isalnum() else "_" for sign in kept.filename)
    suffix = kept.filename.rpartition(".")[2]
    fallback = f"{plain[: -len(suffix) - 1]}.{suffix}"
    return Response(
        kept.content,
        media_type=kept.media_type,
        headers={
            "content-disposition": f'attachment; filename="{fallback}";'
            f" filename*=UTF-8''{quote(kept.filename, safe='')}",
            "x-content-type-options": "nosniff",
            "content-security-policy": "default-src 'none'; sandbox",
        },
    )


routes = [page("/attachments/{attachment}", download, name="attachment")]
