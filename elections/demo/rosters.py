"""The rosters of the invented district, as its clerks would send them: real .xlsx files with the template's columns."""

from collections.abc import Iterable
from datetime import date

from elections.demo import dealing, floating
from elections.demo import district as districts
from elections.demo.plan import Course, District, Person, PlannedOrganization
from elections.imports import OrganizationRoster
from members.imports import FloatingRoster, MemberRoster
from orgs.enums import Form, Kind, Precision
from orgs.exporting import Column, SheetSpec, write_xlsx
from orgs.importing.dates import Dated
from orgs.importing.roster import Roster

LEDGER_NAME = "党组织台账-云岭区.xlsx"
WIDE = frozenset({"党组织名称", "所在党支部", "上级党组织名称", "公民身份号码", "工作单位"})


def files(today: date) -> dict[str, bytes]:
    """{file name: content} of all rosters of the district that `manage.py demo` loads on that day.

    Uploaded again to the demo they change nothing.
    """
    return files_of(districts.build(today))


def files_of(district: District) -> dict[str, bytes]:
    """{file name: content}: the ledger of organizations, one member roster for each 党(工)委, and a floating ledger.

    The last is of the street whose clerk the demo signs in as.
    """
    members = {member_file_name(street): members_file(street) for street in district.streets}
    home = next(street for street in district.streets if street.name == dealing.HOME)
    away = {floating_file_name(home): _xlsx(FloatingRoster(), floating.records(home, district.today))}
    return {LEDGER_NAME: organizations_file(district)} | members | away


def member_file_name(street: PlannedOrganization) -> str:
    """The file name of a street's member roster."""
    return f"党员花名册-{street.name}.xlsx"


def floating_file_name(street: PlannedOrganization) -> str:
    """The file name of a street's ledger of floating members."""
    return f"流动党员台账-{street.name}.xlsx"


def organizations_file(district: District, *, before_conversion: bool = False) -> bytes:
    """The ledger of organizations (党组织台账) of the district, without the district committee itself.

    `before_conversion`: as it was before some branches were raised to a 总支, their new branches not yet there.
    """
    records = (
        organization_record(org, before_conversion=before_conversion)
        for org in district.organizations
        if org.parent is not None and not (before_conversion and org.parent.course.converted_on)
    )
    return _xlsx(OrganizationRoster(), records)


def members_file(street: PlannedOrganization) -> bytes:
    """The member roster (党员花名册) of one 党(工)委: everybody in its branches."""
    return _xlsx(MemberRoster(), (member_record(org, person) for org in street.subtree() for person in org.people))


def organization_record(org: PlannedOrganization, *, before_conversion: bool) -> dict:
    """{canonical field: value} of one organization."""
    course: Course = org.course
    was_branch = before_conversion and course.converted_on is not None
    term = course.current if was_branch or course.converted_on is None else None
    return {
        "org_code": org.code,
        "org_name": org.name,
        "org_short": org.short_name,
        "parent_code": org.parent.code,
        "parent_name": org.parent.name,
        "kind": Kind.BRANCH if was_branch else org.kind,
        "form": org.form if org.form != Form.ORDINARY else None,
        "unit": org.unit_type,
        "founded": Dated(course.founded_on, course.founded_precision) if course.founded_on else None,
        "closed": Dated(course.closed_on) if course.closed_on else None,
        "term_no": term and term.ordinal,
        "elected": term and _dated(term.elected_on, term.precision),
        "term_years": term and term.years,
        "expires": term and _dated(term.expires_on, term.precision),
        "document_no": term and term.document_no,
        "secretary": org.secretary,
        "formal": org.declared_full,
        "probationary": org.declared_probationary,
        "contact": org.contact_name,
        "phone": org.contact_phone,
        "remark": course.closed_basis or org.remark,
    }


def member_record(org: PlannedOrganization, person: Person) -> dict:
    """{canonical field: value} of one member."""
    return {
        "org_code": org.code,
        "org_name": org.name,
        "name": person.name,
        "sex": person.sex,
        "ethnicity": person.ethnicity,
        "birth": Dated(person.birth),
        "id_number": person.id_number,
        "education": person.education,
        "kind": person.kind,
        "joined": _dated(person.joined_on, person.precision),
        "formal_on": _dated(person.formal_on, person.precision) if person.formal_on else None,
        "party_post": person.post,
        "work_unit": person.work_unit,
        "phone": person.phone,
        "floating": person.floating,
    }


def _dated(day: date, precision: Precision) -> Dated:
    """A day as rosters write it: to the month it is the first day that counts for a cell, whatever is stored."""
    return Dated(day.replace(day=1), precision) if precision == Precision.MONTH else Dated(day)


def _xlsx(roster: Roster, records: Iterable[dict]) -> bytes:
    titles, rows = roster.table(records)
    columns = [Column(title, 24 if title in WIDE else 12) for title in titles]
    return write_xlsx([SheetSpec(roster.roster_kind.label, columns, rows)])
