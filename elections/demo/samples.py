"""The roster files of the demo as downloads: what a visitor changes and uploads. They hold invented people only.

They come from the folder that `manage.py demo` fills, never from the database, so that nothing sealed leaves by here.
"""

from pathlib import Path

from django.conf import settings

from elections.demo import rosters
from orgs.enums import Action
from orgs.models import Organization


def folder() -> Path:
    """Where `manage.py demo` writes the roster files."""
    return Path(settings.VAR_DIR) / "demo-rosters"


def offered_to(user) -> list[Organization]:
    """The organizations of whose part `user` may download a roster: the root's is the ledger, a street's its members'.

    Two queries; none, and an empty list, where there is no demo.
    """
    if settings.PRODUCTION or not folder().is_dir():
        return []
    found = Organization.objects.allowing(user, Action.READ_PEOPLE)
    roots = list(found.roots())
    streets = found.filter(parent__parent__isnull=True, parent__isnull=False)
    return [each for each in (*roots, *streets) if file_of(each).is_file()]


def file_of(organization: Organization) -> Path:
    """The roster file of the root or of a street; it need not exist."""
    if organization.parent_id is None:
        return folder() / rosters.LEDGER_NAME
    return folder() / rosters.member_file_name(organization)
