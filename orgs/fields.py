"""Model fields whose order is the same on every database."""

from django.db import models


class BytewiseCharField(models.CharField):
    """Text that is compared byte by byte: tree paths, sort keys, codes.

    PostgreSQL compares by the collation of the cluster, which may skip
    punctuation or mix cases; collation C is asked for there only, because
    SQLite has no collation of that name and is bytewise by itself. One
    migration therefore serves both databases.
    """

    def db_parameters(self, connection):
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class PathField(BytewiseCharField):
    """A place in the tree: fixed-width segments of 0-9A-Z, written by `orgs.tree` alone."""
