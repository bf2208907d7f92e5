"""Brings the district into the database as clerks would: rosters through the pipeline, the rest through services."""

from collections.abc import Callable
from datetime import date

from django.db import transaction

from elections.demo import accounts, dealing, history, posts, rosters, units
from elections.demo import district as districts
from elections.imports import importer
from elections.rules.dated import add_months
from orgs import tree
from orgs.enums import BatchState, RosterKind
from orgs.models import ImportBatch, Organization, User
from orgs.services.opening import open_books

# So many months ago the books of the clerk's street began.
BOOKS = 3


class NotEmpty(Exception):
    """The database already holds something that is not the demo; nothing was written."""


def is_loaded() -> bool:
    """Whether the demo district is in this database, whole: it comes in one transaction."""
    return User.objects.filter(email=accounts.address(accounts.VIEWER)).exists()


def loaded_on() -> date | None:
    """The day from which the loaded district's days are counted."""
    return ImportBatch.objects.order_by("created_at", "id").values_list("on", flat=True).first()


@transaction.atomic
def load(today: date, *, say: Callable[[str], None]) -> dict[str, bytes]:
    """Load the district as on `today`, whole or not at all; return its roster files, none when it is there already.

    `say` is told each step in Chinese. NotEmpty when the database has other organizations or accounts.
    """
    if is_loaded():
        return {}
    if Organization.everything.exists() or User.objects.exists():
        raise NotEmpty
    district = districts.build(today)
    files = rosters.files_of(district)
    administrator = accounts.make_administrator()
    root = tree.create(
        by=administrator,
        parent=None,
        code=district.root.code,
        name=district.root.name,
        short_name=district.root.short_name,
        kind=district.root.kind,
    )
    accounts.settle_administrator(administrator, root)
    officer = accounts.open_account(accounts.OFFICER, by=administrator)

    say("导入党组织台账 …")
    before = rosters.organizations_file(district, before_conversion=True)
    _import(before, "党组织台账-云岭区（改建前）.xlsx", RosterKind.ORGANIZATIONS, root, today, officer)
    history.reshape(district, by=officer)
    _import(files[rosters.LEDGER_NAME], rosters.LEDGER_NAME, RosterKind.ORGANIZATIONS, root, today, officer)
    clerk = accounts.open_account(accounts.CLERK, by=administrator)
    for account in (accounts.BRANCH, accounts.VIEWER):
        accounts.open_account(account, by=administrator)
    streets = {each.code: each for each in Organization.objects.children_of(root)}
    for planned in district.streets:
        say(f"导入党员花名册：{planned.name} …")
        by = clerk if planned.name == dealing.HOME else officer
        name = rosters.member_file_name(planned)
        _import(files[name], name, RosterKind.MEMBERS, streets[planned.code], today, by)
    home = next(each for each in district.streets if each.name == dealing.HOME)
    say(f"导入流动党员台账、设置建账日：{home.name} …")
    name = rosters.floating_file_name(home)
    _import(files[name], name, RosterKind.FLOATING, streets[home.code], today, clerk)
    open_books(organization=streets[home.code], opened_on=add_months(today, -BOOKS).replace(day=1), by=officer)
    say("登记单位、历届、延期、换届选举和班子成员 …")
    units.record(district, by=officer)
    history.record(district, by=officer)
    posts.record(district, by=officer)
    return files


def _import(data: bytes, file_name: str, kind: RosterKind, organization: Organization, on: date, by: User) -> None:
    batch = importer.upload(data=data, file_name=file_name, kind=kind, organization=organization, on=on, by=by)
    if batch.state == BatchState.CHECKED:
        batch = importer.confirm(batch=batch, partial=False, by=by)
    if batch.state != BatchState.APPLIED:
        raise RuntimeError(f"{file_name}: {batch.message}")
