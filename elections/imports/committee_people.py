"""One row of a committee roster: who is meant, in which post, and whether that person may hold it."""

from dataclasses import dataclass
from datetime import date

from elections.imports.committee_books import People, Person
from elections.imports.duties import Duty
from members.imports.checks import check_number
from members.imports.masked import STAR
from orgs.enums import Body, Precision, Seat, Severity, Title
from orgs.importing.codes import Code
from orgs.importing.directory import Place
from orgs.importing.rows import RosterRow, report_future

# 兼职委员, 指派 and 第一书记 may belong to an organization elsewhere.
FROM_ELSEWHERE = frozenset({Seat.CONCURRENT, Seat.APPOINTED, Seat.FIRST_SECRETARY})


LONGEST_VILLAGE_POST = 40


@dataclass(slots=True, eq=False)
class Seated:
    """A row as it is meant: a person of a name, in posts of one body of an organization, or in the village's only."""

    row: RosterRow
    place: Place
    name: str
    body: Body
    seat: Seat
    titles: tuple[Title, ...] = ()
    village: str = ""
    person: Person | None = None

    @property
    def key(self) -> object:
        """What tells people of a roster apart: the member, else the name."""
        return self.person.pk if self.person else self.name

    @property
    def is_secretary(self) -> bool:
        """Whether it takes the one seat of the secretary; a 第一书记 is sent beside it."""
        return Title.SECRETARY in self.titles and self.seat != Seat.FIRST_SECRETARY


def seated(row: RosterRow, place: Place | None) -> Seated | None:
    """What the row means; None when it has no place or name (said already), or names a vacancy and is skipped."""
    name, duty = row.get("name"), row.get("post")
    if name is None and row.shown("name").strip():
        # Neither an error in the name nor a person: the post is vacant.
        if row.is_good:
            row.skipped = "职务空缺，没有登记人员"
        return None
    if place is None or name is None:
        return None
    village = _village_post(row, duty)
    if duty is None and row.shown("post").strip() and not village and row.is_good:
        # Not a blank cell, which means 委员, but a word that is no post of the Party.
        row.skipped = "职务不在党内职务范围内，没有登记"
        return None
    duty = duty or Duty("")
    titles = duty.titles or (() if village else (Title.COMMITTEE_MEMBER,))
    return Seated(
        row,
        place,
        name,
        row.get("body") or duty.body or Body.COMMITTEE,
        row.get("seat") or duty.seat or Seat.ELECTED,
        titles,
        village,
    )


def _village_post(row: RosterRow, duty: Duty | None) -> str:
    """The post in the village's committee, from its own column or from 职务."""
    village = row.get("village_post", "") or (duty.village if duty else "")
    if len(village) <= LONGEST_VILLAGE_POST:
        return village
    row.report(Code.ENUM_UNKNOWN, "post", choices=f"不超过{LONGEST_VILLAGE_POST}个字的村（居）委会职务")
    return ""


def check_row(row: RosterRow, on: date) -> None:
    """Add what is wrong with the row in itself; sex and birth are taken from the ID number, which decides."""
    number = row.get("id_number", "")
    if number and STAR not in number:
        check_number(row, number, on)
    started = row.get("started")
    if started and started.day > on:
        report_future(row, "started", started, on)
    elif started and started.precision == Precision.MONTH:
        message = f"「{row.sheet.header.title('started')}」只有年月「{started}」，暂按{started.day}登记，请补填日期。"
        row.report(Code.DATE_MONTH_ONLY, "started", message=message)


def check(found: Seated, people: People, on: date) -> None:
    """Find the person, and add what keeps them from the post."""
    row = found.row
    if found.titles and row.get("party_member") is False:
        row.report(Code.KIND_INCONSISTENT, "party_member", value="非党员", other="党内职务")
    if row.get("party_member") is False:
        # Nobody outside the Party is in the member roster; the number is checked and not kept.
        return
    _find(found, people, row.get("id_number", ""))
    person = found.person
    if person is not None and person.name != found.name:
        row.report(Code.ID_DUP_NAME_DIFF, "id_number", other=person.name)
    elif person is not None and found.titles and not person.is_full_on(on):
        row.report(Code.COMMITTEE_PROBATIONARY, "name", value=found.name)
    elif person is None and (found.titles or row.get("party_member")):
        _report_unknown(found, people)


def _find(found: Seated, people: People, number: str) -> None:
    """By ID number where there is one; else by name inside the organization, when only one person has it."""
    if number and STAR not in number:
        found.person = people.with_number(number)
        return
    hits = people.with_mask(found.name, number) if number else people.named(found.name, found.place)
    found.person = hits[0] if len(hits) == 1 else None


def _report_unknown(found: Seated, people: People) -> None:
    may_be_elsewhere = found.seat in FROM_ELSEWHERE or not found.titles
    severity = Severity.WARNING if may_be_elsewhere else None
    message = ""
    if not found.row.get("id_number") and len(people.named(found.name, found.place)) > 1:
        message = f"党员花名册中有几名「{found.name}」，请填写身份证号，以便分清是哪一位。"
    found.row.report(Code.COMMITTEE_PERSON_UNKNOWN, "name", value=found.name, message=message, severity=severity)


def check_together(seated: list[Seated]) -> None:
    """Rows against each other: the same person in the same post, and two secretaries of one body."""
    posts: dict[tuple, Seated] = {}
    secretaries: dict[tuple, Seated] = {}
    for each in seated:
        row, here = each.row, (each.place.pk, each.body)
        repeated = [
            first for title in each.titles if (first := posts.setdefault((*here, each.key, title), each)) is not each
        ]
        if not each.titles and (first := posts.setdefault((each.place.pk, each.key, each.village), each)) is not each:
            repeated = [first]
        if repeated:
            first = repeated[0].row
            message = f"「{each.name}」的同一职务已在第{first.number}行，请删去其中一行。"
            row.report(Code.ID_DUP_IN_FILE, "name", value=each.name, message=message)
        elif each.is_secretary and (first := secretaries.setdefault(here, each)) is not each:
            row.report(Code.COMMITTEE_TWO_SECRETARIES, "post", org=each.place.name, other_row=first.row.number)
