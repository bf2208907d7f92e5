"""The roster files of the demo as downloads: what a visitor changes and uploads. They hold invented people only.

They come from the folder that `manage.py demo` fills, never from the database, so that nothing sealed leaves by here.
"""

from pathlib import Path

from django.conf import settings

from elections.demo import rosters
from orgs.enums import Action, RosterKind
from orgs.models import Organization


def folder() -> Path:
    """Where `manage.py demo` writes the roster files."""
    return Path(settings.VAR_DIR) / "demo-rosters"


def offered_to(user) -> list[Organization]:
    """The organizations of whose part `user` may download rosters: the root's is the ledger, a street's its members'.

    Two queries; none, and an empty list, where there is no demo.
    """
    if settings.PRODUCTION or not folder().is_dir():
        return []
    found = Organization.objects.allowing(user, Action.READ_PEOPLE)
    roots = list(found.roots())
    streets = found.filter(parent__parent__isnull=True, parent__isnull=False)
    return [each for each in (*roots, *streets) if files_of(each)]


def files_of(organization: Organization) -> dict[RosterKind, Path]:
    """{kind: file} of the rosters of the root or of a street that are there; the first is the one of most use."""
    if organization.parent_id is None:
        found = {RosterKind.ORGANIZATIONS: rosters.LEDGER_NAME}
    else:
        found = {
            RosterKind.MEMBERS: rosters.member_file_name(organization),
            RosterKind.FLOATING: rosters.floating_file_name(organization),
        }
    return {kind: folder() / name for kind, name in found.items() if (folder() / name).is_file()}
