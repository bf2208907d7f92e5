"""What the law is asked about: plain, frozen values, read from the database by whoever asks.

Voided rows are left out by the caller. Periods are half-open (`until`, `closed_on` are the first day it
no longer holds); only `expires_on` and the end of an extension are the last day. Where an election
or expiry day is known to the month, the day given is the month's last one, which counts.
"""

import enum
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from orgs.enums import ApprovalLevel, Body, ElectionKind, Form, Kind, Precision, Seat, Title, UnitType

T = TypeVar("T")


@dataclass(frozen=True)
class ExtensionFacts:
    """One extension (延期) of a term; approved when it has a document number, an approval day or the flag."""

    ends_on: date
    approved_on: date | None = None
    is_approved: bool = False
    level: ApprovalLevel = ApprovalLevel.SUPERIOR
    document_no: str = ""


@dataclass(frozen=True)
class TermFacts:
    """One elected term (届) of the committee; `until` is set where a conversion or the next election ended it.

    `years` is the length it was recorded with; `kind`, `unit_type` and `large` (大中型企业) are those of the
    election day; None where nobody asked. `stated_expires_on` is a roster's own expiry that differs, `document_no`
    the 批复 on the length. The early approval is the 批复 on electing this term before the reminder day of the last.
    """

    elected_on: date
    expires_on: date
    until: date | None = None
    ordinal: int | None = None
    elected_precision: Precision = Precision.DAY
    expires_precision: Precision = Precision.DAY
    extensions: tuple[ExtensionFacts, ...] = ()
    years: int | None = None
    kind: Kind | None = None
    unit_type: UnitType | None = None
    large: bool | None = None
    stated_expires_on: date | None = None
    document_no: str = ""
    early_approved_on: date | None = None
    early_document_no: str = ""


@dataclass(frozen=True)
class ElectionFacts:
    """One election as a case: opened, to be held on a day, closed."""

    kind: ElectionKind
    opened_on: date
    election_day: date | None = None
    closed_on: date | None = None


@dataclass(frozen=True)
class AppointmentFacts:
    """An appointment (指派) of the leading body by the approver."""

    on: date
    document_no: str = ""


class HeadBasis(enum.Enum):
    """Where a head count comes from; the values are those of `members.headcount.Basis`."""

    MEMBERS = "members"
    DECLARED = "declared"
    MIXED = "mixed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class HeadFacts:
    """The members in the subtree of the organization on the day asked about (of a branch: its own).

    `full` are 正式党员 (3 and 7), `total` all 党员 (50, 100, 500). `unknown` organizations of the subtree have no
    number; while there is one no threshold is tested. `declared` is what the organization itself declared,
    `difference` the people in the rosters minus that; None where the two cannot be compared.
    """

    full: int = 0
    total: int = 0
    basis: HeadBasis = HeadBasis.UNKNOWN
    unknown: int = 0
    declared: int | None = None
    declared_on: date | None = None
    difference: int | None = None

    @property
    def is_known(self) -> bool:
        """Whether thresholds may be tested on these numbers."""
        return self.basis is not HeadBasis.UNKNOWN and self.unknown == 0


class Standing(enum.Enum):
    """What the holder of a post is on the day asked about."""

    FULL = "full"
    # A full member whose membership is stopped (停止党籍, 教育管理条例 第二十四条).
    STOPPED = "stopped"
    PROBATIONARY = "probationary"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class PostFacts:
    """One person in one post for [since, until); `holder` tells people apart and is shown beside a finding.

    `here` says whether the person is a full member in the subtree on the day asked about, None when that is unknown.
    `formal_on` and `joined_on` are the first days that 转正日期 and 入党日期 can mean. `left_on` is the day on which
    the last affiliation in the subtree ended, of a member who has none there on the day asked about.
    """

    title: Title
    holder: str
    body: Body = Body.COMMITTEE
    seat: Seat = Seat.ELECTED
    since: date | None = None
    until: date | None = None
    standing: Standing = Standing.UNKNOWN
    here: bool | None = None
    formal_on: date | None = None
    joined_on: date | None = None
    left_on: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the post is held on `day`."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)

    def is_of(self, term: TermFacts, *, on: date) -> bool:
        """Whether it was held for some day of the term up to `on`."""
        return (self.since is None or self.since <= on) and (self.until is None or term.elected_on < self.until)


@dataclass(frozen=True)
class UnitFacts:
    """One unit (单位) of a joint branch with its full members there; None when they are not known by unit."""

    name: str
    full: int | None = None


@dataclass(frozen=True)
class MemberDays:
    """Of one member the first day the birth can mean and the last one the 入党日期 can mean."""

    birth: date
    joined_on: date | None = None


@dataclass(frozen=True)
class Before(Generic[T]):
    """What a dated property was before it changed on a day."""

    on: date
    value: T


@dataclass(frozen=True)
class OrganizationFacts:
    """One organization: kind, form and unit type as they are now, with what they were before each change of them.

    `converted_on` is the latest conversion, `converted_before` the earlier ones.
    What follows `elections` is about people and books and as on the day asked about. None (of `heads`, `posts`) means
    that nobody read it, which finds nothing; an unknown number or no post recorded is a finding.
    `below_three_since`: first day of the stretch with fewer than three full members that holds on the day; None where
    it began before the books. `has_discipline`: whether the committee has a 纪委. `delegates`: number of delegates that
    elect it, None while the books keep no election by delegates.
    `namesakes`: other organizations under the same superior with the name it has on the day. `member_days`: of its own
    members those whose days may not be possible (others may be left out). `also_elsewhere`: how many of its own members
    belong to another organization at the same time.
    `roster_on`: day of the latest confirmed roster of the organization itself. `merged_on`: days on which others were
    merged into it. `books_since` (建账日): first day of the books; None when they have no beginning.
    """

    kind: Kind
    form: Form = Form.ORDINARY
    holds_affiliations: bool = False
    founded_on: date | None = None
    founded_precision: Precision = Precision.DAY
    converted_on: date | None = None
    converted_before: tuple[date, ...] = ()
    closed_on: date | None = None
    kind_before: tuple[Before[Kind], ...] = ()
    form_before: tuple[Before[Form], ...] = ()
    unit_type: UnitType | None = None
    unit_type_before: tuple[Before[UnitType | None], ...] = ()
    appointments: tuple[AppointmentFacts, ...] = ()
    terms: tuple[TermFacts, ...] = ()
    elections: tuple[ElectionFacts, ...] = ()
    heads: HeadFacts | None = None
    below_three_since: date | None = None
    posts: tuple[PostFacts, ...] | None = None
    has_discipline: bool | None = None
    units: tuple[UnitFacts, ...] = ()
    delegates: int | None = None
    namesakes: int = 0
    member_days: tuple[MemberDays, ...] = ()
    also_elsewhere: int = 0
    roster_on: date | None = None
    merged_on: tuple[date, ...] = ()
    books_since: date | None = None

    def converted_by(self, day: date) -> date | None:
        """The day of the latest conversion (升格, 改建) up to a day."""
        days = (*self.converted_before, *([self.converted_on] if self.converted_on else []))
        return max((each for each in days if each <= day), default=None)

    def kind_on(self, day: date) -> Kind:
        """The kind on a past day: what it was before the first change after that day."""
        return _value_on(day, self.kind_before, self.kind)

    def form_on(self, day: date) -> Form:
        """The form on a past day, in the same way."""
        return _value_on(day, self.form_before, self.form)

    def unit_type_on(self, day: date) -> UnitType | None:
        """The unit type on a past day, in the same way; None when it was never confirmed."""
        return _value_on(day, self.unit_type_before, self.unit_type)


def _value_on(day: date, changes: tuple[Before[T], ...], today: T) -> T:
    later = [change for change in changes if change.on > day]
    # Of two changes on one day the one recorded first says what held before that day; min() keeps it.
    return min(later, key=lambda change: change.on).value if later else today
