"""Which rows an operation may write, and what they hold before and after."""

import json
import uuid
from collections.abc import Iterable

from django.db.models import Model, QuerySet
from django.utils.crypto import salted_hmac

from orgs.effects.columns import all_columns, label_of, stored_values, target_uid
from orgs.models import Organization

# {(table, uid): (the row, its columns)}
Snapshot = dict[tuple[str, uuid.UUID], tuple[Model, dict]]


class Watch:
    """Querysets of the rows that an operation may write; voided rows must be among them (`everything`)."""

    def __init__(self, querysets: Iterable[QuerySet]):
        self._querysets = list(querysets)

    def add(self, querysets: Iterable[QuerySet]) -> None:
        """Watch further rows: of organizations that the operation founds."""
        self._querysets += querysets

    def hold(self) -> Snapshot:
        """Lock the rows and read them; organizations first.

        With an organization held nobody else adds a row that points at it, so that what differs afterwards is ours.
        """
        places = [each for each in self._querysets if each.model is Organization]
        others = [each for each in self._querysets if each.model is not Organization]
        keys = sorted({key for each in places for key in each.values_list("pk", flat=True)})
        list(Organization.everything.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
        return _read([*places, *(each.select_for_update(of=("self",)) for each in others)])

    def read(self) -> Snapshot:
        """The rows as they are now."""
        return _read(self._querysets)


def fingerprint(snapshot: Snapshot) -> str:
    """A text that is the same while all rows of the snapshot are, telling nothing of what they hold."""
    rows = sorted((table, str(uid), values) for (table, uid), (_, values) in snapshot.items())
    return salted_hmac("orgs.operations", json.dumps(rows, sort_keys=True, ensure_ascii=True)).hexdigest()


def _read(querysets: list[QuerySet]) -> Snapshot:
    found: Snapshot = {}
    for queryset in querysets:
        columns = all_columns(queryset.model)
        for row in queryset.order_by("pk"):
            found[label_of(queryset.model), target_uid(row)] = (row, stored_values(row, columns))
    return found
