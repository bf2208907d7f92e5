"""What `check_data` says of the books of a test, and how a test breaks what the database itself forbids."""

from django.db import connection

from elections.management.commands.check_data import contradictions


def lines(*, sealed: bool = False) -> list[str]:
    """Everything that all checks find, as the command prints it."""
    return [str(each) for each in contradictions(sealed=sealed)]


def without_unique(name: str) -> None:
    """Take a conditional unique constraint away until the test's transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(f'DROP INDEX "{name}"')
