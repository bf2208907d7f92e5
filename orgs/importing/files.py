"""The uploaded file of a batch: packed, sealed, and held in memory only by whoever reads it."""

import zlib
from collections.abc import Iterator

from django.db import connection
from psycopg import Cursor

from orgs import crypto
from orgs.models import ImportBatch

TABLE, COLUMN = "orgs_importbatch", "file"
# No table begins so; files of batches that were kept before they were packed have no such beginning.
PACKED = b"\x00packed\x00"
SLICE = 1 << 20
"""Bytes that are asked for at once: the connection keeps room for the longest answer it ever got."""


def keep(batch: ImportBatch, data: bytes) -> None:
    """Store the file with its batch, which is saved already."""
    sealed = crypto.seal_bytes(PACKED + zlib.compress(data, 1), table=TABLE, column=COLUMN, uid=batch.uid)
    if connection.vendor != "postgresql":
        ImportBatch.objects.filter(pk=batch.pk).update(file_sealed=sealed)
        return
    with connection.wrap_database_errors:
        _cursor().execute("UPDATE orgs_importbatch SET file_sealed = %b WHERE id = %s", [sealed, batch.pk])


def file_of(batch: ImportBatch) -> bytes:
    """The uploaded file. crypto.SealBroken when it was changed; ValueError when it was purged."""
    if connection.vendor == "postgresql":
        sealed = b"".join(_slices(batch)) or None
    else:
        sealed = ImportBatch.objects.values_list("file_sealed", flat=True).get(pk=batch.pk)
    if sealed is None:
        raise ValueError("the file was purged")
    data = crypto.reveal_bytes(sealed, table=TABLE, column=COLUMN, uid=batch.uid)
    del sealed
    if not data.startswith(PACKED):
        return data
    # Told its size, the library does not put the file together from pieces, which needs it twice.
    return zlib.decompress(memoryview(data)[len(PACKED) :], bufsize=batch.file_size)


def _slices(batch: ImportBatch) -> Iterator[bytes]:
    """The sealed file piece by piece; nothing when it was purged."""
    query = "SELECT substring(file_sealed FROM %s FOR %s) FROM orgs_importbatch WHERE id = %s"
    start = 1
    with connection.wrap_database_errors, _cursor() as cursor:
        while piece := cursor.execute(query, [start, SLICE, batch.pk], binary=True).fetchone()[0]:
            yield piece
            start += SLICE


def _cursor():
    """A cursor that sends and receives bytes as they are; Django's own writes them out as text of twice the size."""
    connection.ensure_connection()
    return Cursor(connection.connection)
