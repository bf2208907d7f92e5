"""Forms and tasks about one person on the roll of a branch: whom it is about, and what stands in the way of an undo."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone

from elections.desk.task import DatedTaskForm, Request, Task
from elections.models import Post
from members.clashes import taken_since
from members.models import Affiliation, Member, Standing, TransferRequest
from members.services import takes_affiliations
from members.services.keeping import keeper_of
from members.services.transfers import IN_TRANSIT
from orgs import paths
from orgs.enums import Precision
from orgs.models import Operation, OperationEffect, Organization

GROUP = "党员"
MOVED_ON = "该党员的组织关系已不在本党组织，请由现所在党组织更正"


class PersonChoice(forms.ModelChoiceField):
    """One person, sent as their uid; told by name and month of birth."""

    def __init__(self, **kwargs):
        super().__init__(Member.objects.none(), to_field_name="uid", empty_label="请选择", **kwargs)
        self.error_messages["invalid_choice"] = "请从名册中选择。"

    def label_from_instance(self, member: Member) -> str:
        month = birth_month(member)
        return f"{member.name}（{month}）" if month else member.name


def birth_month(member: Member) -> str:
    """The month of birth, as lists show it: 1985-03; only the year, or nothing, where no more is known."""
    if member.birth is None:
        return ""
    return f"{member.birth:%Y}" if member.birth_precision == Precision.YEAR else f"{member.birth:%Y-%m}"


class PersonForm(DatedTaskForm):
    """A task about one of the people on the roll; an address that names one asks about nobody else."""

    person = PersonChoice(label="党员")

    field_order = ("person", "on")

    def prepare(self) -> None:
        people = self.choices()
        if named := self._named(people):
            people = people.filter(pk=named.pk)
            self.fields["person"].empty_label = None
            self.initial["person"] = named.uid
        else:
            self.initial.pop("person", None)
        self.fields["person"].queryset = people
        self.named = named

    def choices(self) -> QuerySet:
        """The people who can be chosen: those on the roll today; subclasses narrow it."""
        return on_roll_of(self.organization, self.user)

    def _named(self, people: QuerySet) -> Member | None:
        try:
            return people.filter(uid=self.initial.get("person") or None).first()
        except ValidationError:
            return None


class LeavingForm(PersonForm):
    """A person who is to leave and is not in transit already."""

    def clean_person(self) -> Member:
        member = self.cleaned_data["person"]
        if TransferRequest.objects.open().filter(member=member).exists():
            raise forms.ValidationError(IN_TRANSIT)
        return member


def on_roll_of(organization: Organization, user) -> QuerySet:
    """The people with an open regular affiliation at an organization that `user` may see."""
    here = Affiliation.objects.regular().filter(organization=organization, until__isnull=True)
    people = Member.objects.visible_to(user).filter(pk__in=here.values("member"))
    return people.order_by("sort_key", "id")


class PersonTask(Task):
    """A task about one person on the roll of a branch."""

    group = GROUP
    from_address = ("person",)

    def offered(self, organization: Organization) -> bool:
        return organization.closed_on is None and takes_affiliations(organization)

    def people(self, request: Request) -> list[Member]:
        return [request.data["person"]]

    def summary(self, request: Request) -> str:
        return f"{self.title}：{request.data['person'].name}（{request.organization.name}）"

    def depending(self, operation: Operation) -> list[str]:
        return [*moved_on(operation), *taken_since(operation)]


def posts_held(member: Member, organization: Organization, user) -> list[str]:
    """A sentence to heed when somebody leaves who holds posts here."""
    held = Post.objects.visible_to(user).filter(member=member, organization=organization)
    held = held.filter(Q(until__isnull=True) | Q(until__gt=timezone.localdate())).order_by("id")
    titles = "、".join(post.get_title_display() for post in held)
    return [f"{member.name}现任本党组织{titles}，离开后请办理免职并按规定补选。"] if titles else []


def moved_on(operation: Operation) -> list[str]:
    """Whoever was corrected here and belongs elsewhere now is corrected there: nothing is put back over their head."""
    own = operation.organization.path
    for member in _people_of(operation):
        keeper = keeper_of(member)
        if keeper is not None and not paths.is_within(keeper.path, own):
            return [MOVED_ON]
    return []


def _people_of(operation: Operation) -> list[Member]:
    """Everybody of whom the operation wrote a row that is still there."""

    def uids(model) -> list:
        effects: list[OperationEffect] = operation.effects.filter(table=model._meta.label_lower)
        return [effect.target_uid for effect in effects]

    keys = set(Member.objects.filter(uid__in=uids(Member)).values_list("pk", flat=True))
    for model in (Affiliation, Standing):
        keys |= set(model.objects.filter(uid__in=uids(model)).values_list("member_id", flat=True))
    return list(Member.objects.filter(pk__in=keys).order_by("pk"))
