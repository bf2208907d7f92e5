"""Whom a ledger of floating members means: which direction a row tells, and who of the books it may be."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from members import idcard
from members.models import Affiliation, Guest, Member, Standing
from orgs import crypto
from orgs.enums import Labeled
from orgs.importing.directory import Place
from orgs.importing.rows import RosterRow
from orgs.importing.words import Words


class Direction(Labeled):
    """Which half of a floating member's way a row tells."""

    OUT = "out", "流出"
    IN = "in", "流入"


DIRECTION = Words(
    {each.label: each for each in Direction},
    {
        Direction.OUT: "外出 外出流动 流出党员 外出党员 流出地 出",
        Direction.IN: "外来 流入党员 外来党员 流入地 来 入",
    },
)


class Insider(NamedTuple):
    """A person whose 组织关系 is in the part of the tree that the roster may write to."""

    member: int
    uid: UUID
    name: str
    birth: date | None
    birth_precision: str
    number_sealed: str
    number_index: str
    organization: int

    def masked_number(self) -> str:
        """The ID number as our own exports show it."""
        return idcard.mask(crypto.reveal(self.number_sealed, table="members_member", column="id_number", uid=self.uid))


INSIDER = (
    "member_id",
    "member__uid",
    "member__name",
    "member__birth",
    "member__birth_precision",
    "member__id_number_sealed",
    "member__id_number_index",
    "organization_id",
)


class Known(NamedTuple):
    """Somebody on any books with an ID number; `home` is where their 组织关系 is. Nothing of it is told."""

    pk: int
    name: str
    home: int | None


@dataclass(frozen=True, slots=True)
class Stay:
    """A registered guest; `is_kept` when no other organization keeps the person's record."""

    guest: Guest
    is_kept: bool

    @property
    def affiliation(self) -> Affiliation:
        """The period of the stay."""
        return self.guest.affiliation

    @property
    def member(self) -> Member:
        """Who it is."""
        return self.guest.affiliation.member

    @property
    def birth(self) -> date | None:
        """When they were born, as recorded."""
        return self.member.birth

    @property
    def birth_precision(self) -> str:
        """How exactly that is known."""
        return self.member.birth_precision

    @property
    def number(self) -> str:
        """The ID number's index; '' without a number."""
        return self.member.id_number_index or ""

    def masked_number(self) -> str:
        """The ID number as our own exports show it."""
        return self.member.masked_id_number


@dataclass(slots=True, eq=False)
class Meant:
    """A row as it is meant: a person, out of or in at an organization, and what is to be written of them."""

    row: RosterRow
    place: Place
    direction: Direction
    # Out: whose 组织关系 is here. In: the stay that is registered, or who has the number.
    person: Insider | None = None
    stay: Stay | None = None
    known: int | None = None
    # What is on the books already; None: registered now.
    standing: Standing | None = None
    values: dict[str, object] = field(default_factory=dict)
    personal: dict[str, object] = field(default_factory=dict)
    contact: str | None = None
    dates: dict[str, object] = field(default_factory=dict)
