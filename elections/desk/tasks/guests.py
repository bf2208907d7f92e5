"""登记流入党员, 更正, 离开: floating members of elsewhere, as the branch that receives them knows them."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from elections.desk.particulars import IdentityForm, sealed_text
from elections.desk.task import DatedTaskForm, Request, Task, TaskForm
from elections.desk.watch import rows_of
from members import idcard, services
from members.clashes import taken_since
from members.membership import AGE_OF_JOINING, is_of_age
from members.models import Guest, Member, id_number_index
from members.services.guests import ANOTHER_NAME
from orgs.days import FIRST_DAY, spoken
from orgs.enums import Kind, MemberKind, Precision
from orgs.models import Operation, Organization, User
from orgs.operations import Watch

GROUP = "流入党员"
DETAILS = ("place_of_affiliation", "province", "floating_reason", "occupation")
CERTIFICATE = (("", "未填"), ("yes", "持有"), ("no", "未持有"))
KNOWN = "该公民身份号码已有党员登记，只登记流入，不重复建档；其个人信息由组织关系所在的党组织管理，不会改变。"
NOBODY = "没有登记流入党员。"


def certificate_field() -> forms.ChoiceField:
    """Whether somebody holds the 活动证, which nobody need have said."""
    return forms.ChoiceField(label="是否持有《流动党员活动证》", choices=CERTIFICATE, required=False)


def certificate_of(chosen: str) -> bool | None:
    """The value of a chosen word of CERTIFICATE."""
    return {"yes": True, "no": False}.get(chosen)


class StayForm(TaskForm):
    """Where from, why, and how to reach them."""

    place_of_affiliation = forms.CharField(
        label="组织关系所在地", max_length=120, help_text="组织关系所在的党组织或者所在地。"
    )
    province = forms.CharField(label="流入前所在省份", max_length=60, required=False)
    floating_reason = forms.CharField(label="流入原因", max_length=100, required=False)
    occupation = forms.CharField(label="原职业", max_length=60, required=False)
    contact = sealed_text(label="联系方式", max_length=60)
    has_certificate = certificate_field()

    def details(self) -> dict:
        """What the services record of the stay; the contact apart."""
        typed = self.cleaned_data
        return {name: typed[name] for name in DETAILS} | {"has_certificate": certificate_of(typed["has_certificate"])}


class ReceiveForm(StayForm, IdentityForm, DatedTaskForm):
    """Who comes, since when."""

    id_number = sealed_text(
        label="公民身份号码", max_length=18, help_text="18 位，加密保存；填了才能与已登记的党员对上，避免重复登记。"
    )
    kind = forms.ChoiceField(label="人员类别", choices=MemberKind.choices())
    joined_on = forms.DateField(label="入党日期", required=False)
    on = forms.DateField(label="流入日期", initial=timezone.localdate)
    document_no = None
    basis = None

    field_order = ("name", "id_number", "kind", "joined_on", "on", *DETAILS, "contact", "has_certificate")

    def clean_joined_on(self):
        joined = self.cleaned_data["joined_on"]
        if joined and not FIRST_DAY <= joined <= timezone.localdate():
            raise forms.ValidationError("日期有误：不能晚于今天，也不能早于建党的日期。")
        return joined

    def clean(self):
        cleaned = super().clean()
        number, joined = cleaned.get("id_number"), cleaned.get("joined_on")
        known = registered(number)
        if known is not None and cleaned.get("name") and known.name != cleaned["name"]:
            self.add_error("id_number", ANOTHER_NAME)
        if number and joined and not is_of_age(idcard.birth(number), joined):
            self.add_error("joined_on", f"按公民身份号码推算，入党时不满 {AGE_OF_JOINING} 周岁，请核对。")
        if not self.errors:
            cleaned["details"] = self.details()
        return cleaned


def registered(number: str | None) -> Member | None:
    """Who is on any books with this number."""
    return Member.objects.filter(id_number_index=id_number_index(number)).first() if number else None


class GuestTask(Task):
    """A task about those who live with a branch and belong elsewhere; every form of branch may receive them."""

    group = GROUP

    def offered(self, organization: Organization) -> bool:
        return organization.closed_on is None and organization.kind == Kind.BRANCH


class ReceiveGuest(GuestTask):
    """登记流入党员."""

    code = "receive-guest"
    title = "登记流入党员"
    hint = "登记组织关系在别处、流动到本地的党员。流入党员参加本支部活动，不计入本支部党员人数，也不计入任何统计。"
    form_class = ReceiveForm

    def run(self, request: Request, watch: Watch) -> None:
        data = request.data
        is_known = registered(data["id_number"]) is not None
        joined = {"joined_on": data["joined_on"], "joined_on_precision": Precision.DAY} if data["joined_on"] else {}
        guest = services.receive_guest(
            organization=request.organization,
            name=data["name"],
            id_number=data["id_number"],
            since=request.on,
            contact=data["contact"],
            person={"kind": data["kind"], **joined},
            by=request.by,
            **data["details"],
        )
        if not is_known:
            watch.add(rows_of(members=[guest.affiliation.member]))

    def warnings(self, request: Request) -> list[str]:
        if not request.data["id_number"]:
            return ["没有填写公民身份号码，只能凭姓名辨认，无法核对是否已在别处登记。"]
        return [KNOWN] if registered(request.data["id_number"]) is not None else []

    def summary(self, request: Request) -> str:
        return f"{self.title}：{request.data['name']}（{request.organization.name}）"


class GuestChoice(forms.ModelChoiceField):
    """One guest, sent as the uid of their stay's record."""

    def __init__(self, **kwargs):
        super().__init__(Guest.objects.none(), to_field_name="uid", empty_label="请选择", **kwargs)
        self.error_messages["invalid_choice"] = "请从流入党员中选择。"

    def label_from_instance(self, guest: Guest) -> str:
        stay = guest.affiliation
        return f"{stay.member.name}（{spoken(stay.since)}流入）" if stay.since else stay.member.name


def guests_of(organization: Organization, user: User):
    """The guests who live with an organization now, as far as `user` sees them."""
    here = Guest.objects.visible_to(user).filter(
        affiliation__organization=organization, affiliation__until__isnull=True, affiliation__voided_at__isnull=True
    )
    return here.select_related("affiliation__member").order_by("affiliation__member__sort_key", "id")


class OfGuestForm(TaskForm):
    """A task about one guest; an address that names one asks about nobody else."""

    guest = GuestChoice(label="流入党员")

    def prepare(self) -> None:
        guests = guests_of(self.organization, self.user)
        self.named = self._named(guests)
        if self.named is not None:
            guests = guests.filter(pk=self.named.pk)
            self.fields["guest"].empty_label = None
        self.fields["guest"].queryset = guests

    def _named(self, guests) -> Guest | None:
        try:
            return guests.filter(uid=self.initial.get("guest") or None).first()
        except ValidationError:
            return None


class ExistingGuestTask(GuestTask):
    """A task about somebody who is a guest already."""

    from_address = ("guest",)

    def refusal(self, organization: Organization, user: User) -> str:
        return "" if guests_of(organization, user).exists() else NOBODY

    def summary(self, request: Request) -> str:
        return f"{self.title}：{request.data['guest'].affiliation.member.name}（{request.organization.name}）"

    def depending(self, operation: Operation) -> list[str]:
        return taken_since(operation)


class ChangeForm(StayForm, OfGuestForm):
    """The guest, and what is recorded of the stay from now on."""

    field_order = ("guest", *DETAILS, "contact", "has_certificate")

    def prepare(self) -> None:
        super().prepare()
        self.fields["contact"].help_text = "只在更正时填写，加密保存；不填则不变。"
        if self.named is not None:
            for name in DETAILS:
                self.initial[name] = getattr(self.named, name)
            self.initial["has_certificate"] = {True: "yes", False: "no"}.get(self.named.has_certificate, "")

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            cleaned["details"] = self.details() | ({"contact": cleaned["contact"]} if cleaned["contact"] else {})
        return cleaned


class ChangeGuest(ExistingGuestTask):
    """更正流入党员登记."""

    code = "change-guest"
    title = "更正流入党员登记"
    hint = "更正流入党员的来处、原因、联系方式和活动证情况。"
    form_class = ChangeForm

    def run(self, request: Request, watch: Watch) -> None:
        services.change_guest(request.data["guest"], by=request.by, **request.data["details"])


class EndForm(OfGuestForm, DatedTaskForm):
    """Who left, and when."""

    on = forms.DateField(label="离开日期", initial=timezone.localdate, help_text="从这一天起不再是本支部的流入党员。")
    document_no = None
    basis = None

    field_order = ("guest", "on")


class EndStay(ExistingGuestTask):
    """流入党员离开."""

    code = "end-guest"
    title = "流入党员离开"
    hint = "登记流入党员返回或者流动到别处；历史记录保留。"
    form_class = EndForm

    def run(self, request: Request, watch: Watch) -> None:
        services.end_stay(guest=request.data["guest"], on=request.on, by=request.by)
