"""Head counts as conditions in SQL: counted once by `headcount`, handed to the database as one list of keys each.

Not counted a second time in SQL: a number needs two lookups per person, and every condition on it would look again.
For 2,400 organizations with 55,000 people one such condition takes as long as the whole count.
"""

from collections.abc import Callable, Collection
from datetime import date
from functools import cache, cached_property

from django.db.models import BooleanField, F, Func, Q, QuerySet

from members.headcount import HeadCount, headcount


class HeadCounts:
    """The head counts of organizations on a day; read from the database when the first condition needs them."""

    def __init__(self, organizations: QuerySet, on: date):
        self.organizations = organizations
        self.on = on

    @cached_property
    def counts(self) -> dict[int, HeadCount]:
        """{organization id: its head count}, in seven queries, made once."""
        return headcount(self.organizations.order_by().values_list("pk", "path", named=True), self.on)

    def where(self, test: Callable[[HeadCount], bool]) -> Q:
        """The condition that the head count of an organization passes the test."""
        return among(lambda: [pk for pk, count in self.counts.items() if test(count)])


def among(keys: Callable[[], Collection[int]]) -> Q:
    """The condition that the key of a row is one of those that `keys` gives when the query is put into words.

    They are asked for once and are one parameter however many there are, where `pk__in` has one for each.
    """
    return Q(_Among(F("pk"), listed=cache(lambda: ",".join(map(str, keys())))))


class _Among(Func):
    output_field = BooleanField()

    def __init__(self, expression, *, listed: Callable[[], str]):
        super().__init__(expression)
        self.listed = listed

    def as_sql(self, compiler, connection, **context):
        key, params = compiler.compile(self.get_source_expressions()[0])
        if connection.vendor == "postgresql":
            return f"{key} = ANY(%s::bigint[])", [*params, f"{{{self.listed()}}}"]
        return f"{key} IN (SELECT value FROM json_each(%s))", [*params, f"[{self.listed()}]"]
