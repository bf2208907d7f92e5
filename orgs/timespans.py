"""How far one day is from another, in SQL."""

from django.db.models import Func, IntegerField


class DaysBetween(Func):
    """Days from the second day to the first, as a whole number; NULL when one is missing."""

    arity = 2
    output_field = IntegerField()

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template="(%(expressions)s)", arg_joiner=" - ", **context)

    def as_sqlite(self, compiler, connection, **context):
        first, second = self.get_source_expressions()
        first_sql, first_params = compiler.compile(first)
        second_sql, second_params = compiler.compile(second)
        # julianday() of a date ends in .5 exactly, so the difference is whole.
        sql = f"CAST(julianday({first_sql}) - julianday({second_sql}) AS INTEGER)"
        return sql, [*first_params, *second_params]
