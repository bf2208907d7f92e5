"""Lookups beside Django's own."""

from django.db.models import Field
from django.db.models.fields.related import ForeignObject
from django.db.models.lookups import In


@ForeignObject.register_lookup
@Field.register_lookup
class OneOf(In):
    """`name__one_of=[…]`: as `in` with a list of values, for thousands of them.

    PostgreSQL gets them as one array: one parameter to prepare and to write into the statement, instead of thousands.
    The array is written as a literal here, since psycopg takes ten times as long.
    """

    lookup_name = "one_of"

    def get_prep_lookup(self):
        """The values as a list; expressions and queries are for `in`."""
        prepare = self.lhs.output_field.get_prep_value
        return [prepare(value) for value in self.rhs]

    def as_postgresql(self, compiler, connection):
        """`column = ANY (array)`, which PostgreSQL plans as it plans `IN`."""
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", (*params, "{" + ",".join(map(_quoted, self.rhs)) + "}")


def _quoted(value) -> str:
    """A value as an element of an array literal."""
    text = str(value)
    if text.isalnum():
        return text if text.upper() != "NULL" else f'"{text}"'
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
