"""Counting the rows of a query by what it says of them."""

from collections.abc import Iterator

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet


def grouped(rows: QuerySet) -> Iterator[dict]:
    """What `rows.annotate(number=Count("pk"))` gives of rows with `values`: each combination once, with its `number`.

    Counted around the query: a GROUP BY of the ORM puts each expression into words a second time and compares all of
    them, which takes longer than the rest of a page where they are the state of an organization or seventy findings.
    """
    rows = rows.order_by()
    compiler = rows.query.get_compiler(rows.db)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return
    names = list(rows.query.selected)
    columns = ", ".join(str(number) for number in range(1, len(names) + 1))
    converters = compiler.get_converters([expression for expression, *_ in compiler.select])
    with connections[rows.db].cursor() as cursor:
        cursor.execute(f"SELECT counted.*, COUNT(*) FROM ({sql}) AS counted GROUP BY {columns}", params)
        found = cursor.fetchall()
    for values in compiler.apply_converters(found, converters):
        yield dict(zip([*names, "number"], values, strict=True))
