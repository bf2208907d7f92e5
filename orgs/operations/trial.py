"""Doing an operation only to see what would come of it."""

from collections.abc import Callable
from typing import TypeVar

from django.db import transaction

from orgs.models import Operation
from orgs.operations.performing import perform
from orgs.operations.watching import Watch, fingerprint

T = TypeVar("T")


class _Enough(Exception):
    """Ends the transaction of a trial, so that nothing of it stays."""


def attempt(*, by, watch: Watch, read: Callable[[Operation], T], **asked) -> tuple[T, str]:
    """Perform an operation, `read` what came of it, and roll everything back; (what was read, fingerprint before).

    `asked` is what `perform` takes. Raises what `perform` raises. What was to happen after a commit does not, and
    rights read meanwhile are forgotten. Rows that the services were given hold values that are not in the database:
    read them anew.
    """
    by.__dict__.pop("rights", None)
    try:
        with transaction.atomic():
            seen = fingerprint(watch.hold())
            found = read(perform(by=by, watch=watch, **asked))
            raise _Enough
    except _Enough:
        return found, seen
    finally:
        by.__dict__.pop("rights", None)
