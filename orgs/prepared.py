"""Queries that every request asks in the same words, put into words once: the ORM takes longer over them than a page
has, the database next to nothing.
"""

from collections.abc import Callable
from functools import cached_property

from django.db import connections
from django.db.models import QuerySet


class Prepared:
    """A query whose words never change, only the values in it.

    `build` makes the query from `samples`: a value for each of its parameters that nothing else in it is equal to.
    Rows are read anew each time; only the words are kept.
    """

    def __init__(self, build: Callable[..., QuerySet], **samples):
        self.build = build
        self.samples = samples

    @cached_property
    def _words(self) -> tuple[str, str, list, dict[int, str], dict]:
        """Database, statement, its values, which of these stand for which parameter, and how columns are read."""
        rows = self.build(**self.samples)
        compiler = rows.query.get_compiler(rows.db)
        statement, values = compiler.as_sql()
        readings = compiler.get_converters([expression for expression, *_ in compiler.select])
        names = {_sent(rows.db, sample): name for name, sample in self.samples.items()}
        places = {place: names[value] for place, value in enumerate(values) if value in names}
        if missing := set(self.samples) - set(places.values()):
            raise ValueError(f"the query does not use {sorted(missing)}")
        return rows.db, statement, list(values), places, readings

    def rows(self, **values) -> list[list]:
        """The rows for the values of the parameters, as `values_list` would give them."""
        database, statement, filled, places, readings = self._words
        filled, connection = list(filled), connections[database]
        for place, name in places.items():
            filled[place] = _sent(database, values[name])
        with connection.cursor() as cursor:
            cursor.execute(statement, filled)
            found = [list(row) for row in cursor.fetchall()]
        for column, (converters, expression) in readings.items():
            for row in found:
                for converter in converters:
                    row[column] = converter(row[column], expression, connection)
        return found


def _sent(database: str, value):
    """A value as the database is sent it: SQLite has no type for days."""
    return connections[database].ops.adapt_unknown_value(value)
