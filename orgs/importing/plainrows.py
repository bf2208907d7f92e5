"""New rows of a table as plain columns, without a model instance for each: text for COPY, and a fingerprint.

The fingerprint of a new row stands in its effect instead of a copy of the row: enough for an undo to tell whether
the row is still as it was written.
"""

import datetime
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from hashlib import blake2b
from itertools import repeat

from django.db import models

FINGERPRINT = "fingerprint"
"""The key under which an effect has it; no column is called so."""

BYTES = 8
# Between the columns and for NULL, until the text is known to hold none of the characters that COPY takes apart.
BETWEEN, NOTHING = "\x1f", "\x00"
SPECIAL = ("\\", "\t", "\r")
ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
CONTROL = "a value holds a control character"
# RFC 4122: the first two bits of the fourth group are 10.
VARIANT = {digit: "89ab"[int(digit, 16) % 4] for digit in "0123456789abcdef"}
# Every row has these; they say nothing about what was stated of it.
ROUTINE = ("version", "created_at")


class Mark(dict):
    """The note of a new row: {FINGERPRINT: its digest}."""

    def __init__(self, text: str):
        super().__init__({FINGERPRINT: digest(text)})

    def __str__(self) -> str:
        """As JSON."""
        return f'{{"{FINGERPRINT}": "{self[FINGERPRINT]}"}}'


TEXTS: dict[type, Callable[[object], str]] = {
    type(None): lambda value: NOTHING,
    bool: lambda value: "t" if value else "f",
    datetime.date: datetime.date.isoformat,
    datetime.datetime: datetime.datetime.isoformat,
    dict: json.dumps,
}


class Shape:
    """How values of some columns become whole rows of a table: the other columns have their defaults.

    `columns` are attribute names (`member_id`). The columns of every record that are nobody's statement – key,
    version, time of adding – are not among them.
    """

    def __init__(self, model: type[models.Model], columns: Sequence[str]):
        self.model = model
        self.fields = stated_fields(model)
        names = [field.attname for field in self.fields]
        defaults = [field.attname for field in self.fields if field.attname not in columns]
        by_name = {field.attname: field for field in self.fields}
        self._rest = tuple(by_name[name].get_default() for name in defaults)
        self._rest_texts = tuple(text_of(value) for value in self._rest)
        order = [*columns, *defaults]
        self._order = [order.index(name) for name in names]

    def whole(self, columns: Sequence[Sequence]) -> Iterator[tuple]:
        """The values of all `fields`, row by row, of rows given by their columns."""
        return self._rows(columns, self._rest)

    def joined(self, columns: Sequence[Sequence]) -> list[str]:
        """Rows given by their columns as one text each: for `copied`, or `digest` for a fingerprint.

        ValueError for a value with the character that stands between columns, which no cleaned value has.
        """
        rows = [BETWEEN.join(row) for row in self._rows([*map(texts_of, columns)], self._rest_texts)]
        if "".join(rows).count(BETWEEN) != len(rows) * (len(self.fields) - 1):
            raise ValueError(CONTROL)
        return rows

    def _rows(self, columns: Sequence[Sequence], rest: Iterable) -> Iterator[tuple]:
        given = [*columns, *(repeat(value, len(columns[0])) for value in rest)]
        return zip(*(given[place] for place in self._order), strict=True)


@cache
def shape_of(model: type[models.Model], columns: tuple[str, ...]) -> Shape:
    """The shape of these columns of a table, made once."""
    return Shape(model, columns)


@cache
def stated_fields(model: type[models.Model]) -> tuple[models.Field, ...]:
    """The columns of a table that somebody states: all but key, version and time of adding."""
    return tuple(
        field for field in model._meta.concrete_fields if not field.primary_key and field.attname not in ROUTINE
    )


def joined(values: Iterable) -> str:
    """Values of `stated_fields`, or their texts, as one text.

    ValueError for a value with the character that stands between columns, which no cleaned value has.
    """
    texts = [value if type(value) is str else text_of(value) for value in values]
    text = BETWEEN.join(texts)
    if text.count(BETWEEN) != len(texts) - 1:
        raise ValueError(CONTROL)
    return text


def copied(texts: Sequence[str]) -> str:
    """Joined texts as the lines that COPY reads."""
    lines = "\n".join(texts)
    # Hardly any text has such a character, and to look at all of them at once is quick.
    if lines.count("\n") >= len(texts) or any(special in lines for special in SPECIAL):
        lines = "\n".join(text.translate(ESCAPED) for text in texts)
    return f"{lines}\n".replace(BETWEEN, "\t").replace(NOTHING, "\\N")


def digest(text: str) -> str:
    """The fingerprint of a joined text."""
    return blake2b(text.encode(), digest_size=BYTES).hexdigest()


def random_uids(count: int) -> list[str]:
    """As many random uids (UUID version 4) as texts."""
    drawn = os.urandom(16 * count).hex()
    return [
        f"{each[:8]}-{each[8:12]}-4{each[13:16]}-{VARIANT[each[16]]}{each[17:20]}-{each[20:]}"
        for each in (drawn[place : place + 32] for place in range(0, 32 * count, 32))
    ]


def fingerprint(record: models.Model) -> str:
    """The fingerprint of a row as it stands."""
    return digest(joined(getattr(record, field.attname) for field in stated_fields(type(record))))


def text_of(value) -> str:
    """One value as COPY writes it."""
    return TEXTS.get(type(value), str)(value)


def texts_of(column: Sequence) -> Sequence[str]:
    """The values of a column as COPY writes them."""
    kinds = {kind: TEXTS.get(kind, str) for kind in set(map(type, column))}
    return column if kinds.keys() <= {str} else [kinds[type(value)](value) for value in column]
