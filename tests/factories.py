"""Boring rows for tests: fixed days, invented names, nothing random."""

import datetime

import factory

from elections.models import Appointment, Election, Extension, Freeze, Post, Term
from members.models import Affiliation, DeclaredCount, Guest, Member, RosterConfirmation, Standing
from orgs import sortkey, tree
from orgs.enums import AffiliationKind, Kind, Role, State, UnitType
from orgs.models import Grant, Opening, Organization, Unit, User

DAY = datetime.date(2026, 11, 21)
PASSWORD = "chengshi-2026"


class RecordFactory(factory.django.DjangoModelFactory):
    """Creates through `everything`, so that voided rows can be made too."""

    class Meta:
        abstract = True

    @classmethod
    def _get_manager(cls, model_class):
        return model_class.everything


class OrganizationFactory(RecordFactory):
    """A community branch founded long ago, a root unless `parent` is given; its path is the next free one."""

    class Meta:
        model = Organization

    parent = None
    code = factory.Sequence(lambda number: f"F{number:05d}")
    name = factory.Sequence(lambda number: f"虚构社区第{number}党支部")
    kind = Kind.BRANCH
    unit_type = UnitType.COMMUNITY
    sort_key = factory.LazyAttribute(lambda built: sortkey.sort_key(built.name))
    path = factory.LazyAttribute(lambda built: tree.next_paths(built.parent, 1)[0])


class RootFactory(OrganizationFactory):
    """The committee of an invented district."""

    code = factory.Sequence(lambda number: f"R{number:03d}")
    name = "中共云岭区委员会"
    kind = Kind.LOCAL_COMMITTEE
    unit_type = ""


class StreetFactory(OrganizationFactory):
    """The working committee of an invented street; needs `parent`."""

    code = factory.Sequence(lambda number: f"S{number:03d}")
    name = factory.Sequence(lambda number: f"虚构{number}号街道党工委")
    kind = Kind.WORKING_COMMITTEE
    unit_type = UnitType.SUBDISTRICT_OFFICE


class UnitFactory(RecordFactory):
    """A private enterprise; needs `keeper`."""

    class Meta:
        model = Unit

    name = "云岭虚构制造有限公司"
    unit_type = UnitType.PRIVATE
    sort_key = factory.LazyAttribute(lambda built: sortkey.sort_key(built.name))


class UserFactory(factory.django.DjangoModelFactory):
    """A named person with an account and no right at all; `PASSWORD` opens it."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda number: f"user{number}")
    name = "陈晓燕"
    password = factory.django.Password(PASSWORD)


class GrantFactory(factory.django.DjangoModelFactory):
    """A clerk's right; needs `user` and `organization`."""

    class Meta:
        model = Grant

    role = Role.CLERK
    since = datetime.date(2020, 1, 1)


class OpeningFactory(RecordFactory):
    """Books since 1 January 2025, set by somebody without a right; needs `organization`."""

    class Meta:
        model = Opening

    opened_on = datetime.date(2025, 1, 1)
    by = factory.SubFactory(UserFactory)


class MemberFactory(RecordFactory):
    """A full member since 2011, without a number or phone."""

    class Meta:
        model = Member

    name = "王建国"
    sort_key = factory.LazyAttribute(lambda built: sortkey.person_sort_key(built.name))
    joined_on = datetime.date(2010, 7, 1)
    formal_on = datetime.date(2011, 7, 1)


class AffiliationFactory(RecordFactory):
    """A regular affiliation from before all records; needs `organization`."""

    class Meta:
        model = Affiliation

    member = factory.SubFactory(MemberFactory)


class GuestFactory(RecordFactory):
    """The particulars of a 流入 stay from before all records; needs `affiliation__organization`."""

    class Meta:
        model = Guest

    affiliation = factory.SubFactory(AffiliationFactory, kind=AffiliationKind.INCOMING)


class StandingFactory(RecordFactory):
    """Needs `member` and `kind`."""

    class Meta:
        model = Standing

    since = datetime.date(2025, 1, 1)


class DeclaredCountFactory(RecordFactory):
    """Twelve full members declared on 1 January 2026; needs `organization`."""

    class Meta:
        model = DeclaredCount

    on = datetime.date(2026, 1, 1)
    full = 12


class RosterConfirmationFactory(RecordFactory):
    """A member roster confirmed on 1 January 2026; needs `organization`."""

    class Meta:
        model = RosterConfirmation

    on = datetime.date(2026, 1, 1)


class TermFactory(RecordFactory):
    """A term of five years elected on 1 June 2024; needs `organization`."""

    class Meta:
        model = Term

    elected_on = datetime.date(2024, 6, 1)
    years = 5
    years_basis = "TERM-04"
    expires_on = datetime.date(2029, 6, 1)
    kind_at_election = Kind.BRANCH
    unit_type_at_election = UnitType.COMMUNITY


class ExtensionFactory(RecordFactory):
    """An approved extension; needs `term`, `ends_on`, `approved_on`."""

    class Meta:
        model = Extension

    is_approved = True
    document_no = "云组〔2026〕1号"


class AppointmentFactory(RecordFactory):
    """A committee appointed on 1 March 2026; needs `organization`."""

    class Meta:
        model = Appointment

    on = datetime.date(2026, 3, 1)
    document_no = "云组〔2026〕2号"


class ElectionFactory(RecordFactory):
    """A general election opened on 1 October 2026; needs `organization`."""

    class Meta:
        model = Election

    opened_on = datetime.date(2026, 10, 1)


class FreezeFactory(RecordFactory):
    """The closed ledger of 31 October 2026 without a row; needs `organization`."""

    class Meta:
        model = Freeze

    on = datetime.date(2026, 10, 31)
    name = factory.LazyAttribute(lambda built: built.organization.name)
    by = factory.SubFactory(UserFactory)
    counts = factory.LazyFunction(
        lambda: {"kinds": dict.fromkeys(Kind, 0), "states": dict.fromkeys(State, 0), "inspection": 0}
    )


class PostFactory(RecordFactory):
    """The secretary since 1 June 2024; needs `organization`."""

    class Meta:
        model = Post

    title = "secretary"
    holder_name = "王建国"
    since = datetime.date(2024, 6, 1)


def user_at(organization, role=Role.CLERK, **fields) -> User:
    """An account with one right: `role` over the subtree of `organization`."""
    user = UserFactory(organization=organization, **fields)
    GrantFactory(user=user, organization=organization, role=role)
    return user
