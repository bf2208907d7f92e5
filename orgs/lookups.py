"""Lookups beside Django's own."""

from collections.abc import Iterable

from django.db.models import Field
from django.db.models.fields.related import ForeignObject
from django.db.models.lookups import In


@ForeignObject.register_lookup
@Field.register_lookup
class OneOf(In):
    """`name__one_of=Values([…])`: as `in`, for thousands of values of the column's own type.

    PostgreSQL gets them as one array: one parameter to prepare and to write into the statement, instead of thousands.
    The array is written as a literal here, since psycopg takes ten times as long.
    """

    lookup_name = "one_of"

    def get_prep_lookup(self):
        """The values as they are; expressions, queries and other types are for `in`."""
        return self.rhs.listed

    def as_postgresql(self, compiler, connection):
        """`column = ANY (array)`, which PostgreSQL plans as it plans `IN`."""
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", (*params, _literal([*map(str, self.rhs)]))


class Values:
    """Values for `one_of`. No sequence itself, since Django looks at each value of a sequence five times over."""

    def __init__(self, values: Iterable):
        self.listed = list(values)


def _literal(texts: list[str]) -> str:
    """Texts as the literal of an array."""
    between = '","'.join(texts)
    # Two characters mean something inside quotes; hardly any text has one.
    if "\\" in between or between.count('"') != 2 * max(len(texts) - 1, 0):
        between = '","'.join(text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return f'{{"{between}"}}' if texts else "{}"
