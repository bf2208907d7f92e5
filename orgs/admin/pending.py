"""An uploaded table between its check and its confirmation: sealed, bound to the uploader, good once and not for long.

It waits in the uploader's own session row, so that nothing lies in a temporary
folder, nobody else can name it, and it goes with the session.
"""

import base64
import json
import time
import uuid
from dataclasses import dataclass

from django.db import transaction

from orgs import crypto

GOOD_FOR_SECONDS = 30 * 60
SESSION_KEY = "pending_import"


@dataclass(frozen=True)
class Pending:
    """A checked table that waits for its confirmation."""

    token: str
    # Label of the model it is for, e.g. `orgs.unit`.
    label: str
    file_name: str
    headers: list[str]
    rows: list[list[str]]
    # The line of each row in the file.
    lines: list[int]


def keep(request, *, label: str, file_name: str, headers: list[str], rows: list[list[str]], lines: list[int]) -> str:
    """Seal the table into the user's session, in place of an earlier one, and return the token that names it."""
    token = str(uuid.uuid4())
    text = json.dumps({"file_name": file_name, "headers": headers, "rows": rows, "lines": lines}, ensure_ascii=False)
    sealed = crypto.seal_bytes(text.encode(), table="pending_import", column=label, uid=token)
    request.session[SESSION_KEY] = {
        "token": token,
        "label": label,
        "user": str(request.user.uid),
        "until": int(time.time()) + GOOD_FOR_SECONDS,
        "sealed": base64.b64encode(sealed).decode(),
    }
    return token


def look(request, *, label: str, token: str) -> Pending | None:
    """The table `token` names, still waiting; None when it was used, is too old or is not this user's."""
    return _opened(request.session.get(SESSION_KEY), request, label, token)


def take(request, *, label: str, token: str) -> Pending | None:
    """As `look`, once: of two confirmations at the same time one gets the table, the other None."""
    found = None
    with transaction.atomic():
        # The stored row decides, under its lock: the session in hand may be older than another request's.
        row = request.session.model.objects.select_for_update().filter(pk=request.session.session_key).first()
        if row is not None:
            stored = row.get_decoded()
            found = _opened(stored.get(SESSION_KEY), request, label, token)
            if found is not None:
                del stored[SESSION_KEY]
                row.session_data = request.session.encode(stored)
                row.save(update_fields=["session_data"])
    if found is not None:
        request.session.pop(SESSION_KEY, None)
    return found


def drop(request) -> None:
    """Forget the waiting table, if any."""
    request.session.pop(SESSION_KEY, None)


def _opened(entry: dict | None, request, label: str, token: str) -> Pending | None:
    if not entry or entry["token"] != token or entry["label"] != label or entry["user"] != str(request.user.uid):
        return None
    if entry["until"] <= time.time():
        return None
    text = crypto.reveal_bytes(
        base64.b64decode(entry["sealed"]), table="pending_import", column=label, uid=entry["token"]
    )
    return Pending(token=token, label=label, **json.loads(text))
