"""The dated changes of organizations: past days are read from them."""

from collections.abc import Iterator

from django.db.models import Case, CharField, F, When, Window
from django.db.models.functions import Lag, Lead

from orgs import tree
from orgs.checks.contradiction import Contradiction, named
from orgs.models import Organization, OrganizationChange


def changes_in_a_chain() -> Iterator[Contradiction]:
    """Of the dated changes of one field each begins where the one before ended."""
    rows = OrganizationChange.objects.annotate(last=Window(Lag("after"), **_OF_ONE_FIELD))
    # A blank value is a gap, and filling it is no change (orgs ledger: a first value is not dated).
    broken = rows.filter(last__isnull=False).exclude(last="").exclude(before=F("last"))
    columns = ("organization__name", "organization__code", "organization__uid", "field", "on", "before", "last")
    for name, code, uid, field, day, before, last in broken.order_by("id").values_list(*columns).iterator():
        yield Contradiction(
            "党组织变更",
            named(name, code, uid),
            f"“{_word(field)}”{day}的变更从“{before}”起，而上一次变更到“{last}”止",
            "核对各次变更的日期和内容，更正登记有误的一次",
        )


def changes_end_today() -> Iterator[Contradiction]:
    """The last dated change of a field leads to the value of today."""
    # Asked first for the last ones: other conditions would be applied before the window looks at the rows.
    following = OrganizationChange.objects.annotate(following=Window(Lead("id"), **_OF_ONE_FIELD))
    rows = OrganizationChange.objects.filter(pk__in=following.filter(following__isnull=True).values("pk"))
    values = (When(field=field, then=F(f"organization__{field}")) for field in _PLAIN_FIELDS)
    rows = rows.annotate(today=Case(*values, output_field=CharField()))
    columns = ("organization__name", "organization__code", "organization__uid", "field", "after", "today")
    differing = rows.filter(field__in=_PLAIN_FIELDS).exclude(after="").exclude(after=F("today"))
    found = list(differing.order_by("id").values_list(*columns))
    # A uid is kept differently by each database, so parents are compared here.
    moved = rows.filter(field="parent").order_by("id").values_list(*columns[:-1], "organization__parent__uid")
    found += [row for row in moved.iterator() if row[4] != str(row[5] or "")]
    for name, code, uid, field, after, today in found:
        yield Contradiction(
            "党组织变更",
            named(name, code, uid),
            f"“{_word(field)}”最后一次变更到“{after}”止，而现为“{today or ''}”",
            "核对现值；需要更改的，通过“变更”办理，不要直接改写",
        )


_OF_ONE_FIELD = {
    "partition_by": [F("organization_id"), F("field")],
    "order_by": [F("on").asc(), F("id").asc()],
}
_PLAIN_FIELDS = tuple(field for field in tree.DATED_FIELDS if field != "parent")


def _word(field: str) -> str:
    return Organization._meta.get_field(field).verbose_name
