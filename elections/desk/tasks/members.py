"""新增党员, 修改党员信息, 转为正式党员, 终止党员身份: who is on the roll of a branch, by hand."""

import re

from django import forms
from django.utils import timezone

from elections.desk.particulars import IdentityForm, sealed_text
from elections.desk.people import LeavingForm, PersonForm, PersonTask, posts_held
from elections.desk.task import DatedTaskForm, Request
from elections.desk.watch import rows_of
from elections.rules.dated import add_years
from members import idcard, services
from members.imports.roster import clean_ethnicity
from members.membership import AGE_OF_JOINING, PROBATION_YEARS, is_of_age
from members.models import Member, id_number_index
from members.services import Leaving
from orgs.days import FIRST_DAY, spoken
from orgs.enums import Form, MemberKind, Precision
from orgs.importing.words import EDUCATION
from orgs.models import Unit
from orgs.operations import Watch

# Said alike whether the person is in the user's part or not.
REGISTERED = (
    "该公民身份号码已经登记，同一名党员只登记一次。需要转入的，请由原党组织办理组织关系转接，或者请上级党组织核查办理。"
)
PHONE = re.compile(r"[0-9][0-9-]{5,18}[0-9]")
TEXTS = ("ethnicity", "education", "work_unit", "remark")
# {what can be emptied with a reason: how it is stored then}
CLEARABLE = {
    "id_number": "",
    "ethnicity": "",
    "education": "",
    "joined_on": None,
    "formal_on": None,
    "work_unit": "",
    "phone": "",
    "remark": "",
}


class ParticularsForm(IdentityForm, DatedTaskForm):
    """What is recorded about a person; sex and birth follow the ID number."""

    id_number = sealed_text(
        label="公民身份号码", max_length=18, required=True, help_text="18 位，加密保存；性别和出生日期以它为准。"
    )
    ethnicity = forms.CharField(label="民族", max_length=20, required=False)
    education = forms.ChoiceField(
        label="学历", choices=[("", "未填"), *((each, each) for each in EDUCATION.choices)], required=False
    )
    kind = forms.ChoiceField(label="人员类别", choices=MemberKind.choices())
    joined_on = forms.DateField(label="入党日期", help_text="支部大会通过接收为预备党员的日期。")
    formal_on = forms.DateField(label="转正日期", required=False, help_text="预备党员不填。")
    work_unit = forms.CharField(label="工作单位", max_length=120, required=False)
    phone = sealed_text(label="联系电话", max_length=20)
    remark = forms.CharField(label="备注", max_length=200, required=False)

    @property
    def person_now(self) -> Member | None:
        """The person whose particulars they are, where there is one already."""
        return None

    def clean_ethnicity(self) -> str:
        found = clean_ethnicity(self.cleaned_data["ethnicity"])
        if found.problems:
            raise forms.ValidationError("请填写民族全称，如“汉族”“蒙古族”。")
        return found.value or ""

    def clean_phone(self) -> str:
        phone = self.cleaned_data["phone"].replace(" ", "")
        if phone and not PHONE.fullmatch(phone):
            raise forms.ValidationError("请填写手机号码，或者带区号的固定电话号码。")
        return phone

    def clean(self):
        cleaned = super().clean()
        today = timezone.localdate()
        for name in ("joined_on", "formal_on"):
            if cleaned.get(name) and not FIRST_DAY <= cleaned[name] <= today:
                self.add_error(name, "日期有误：不能晚于今天，也不能早于建党的日期。")
        self._check_number(cleaned.get("id_number"))
        if not self.errors:
            self._check_party(cleaned)
        return cleaned

    def _check_number(self, number: str | None) -> None:
        """The number is nobody else's."""
        if not number:
            return
        others = Member.objects.filter(id_number_index=id_number_index(number))
        if self.person_now is not None:
            others = others.exclude(pk=self.person_now.pk)
        if others.exists():
            self.add_error("id_number", REGISTERED)

    def _check_party(self, cleaned: dict) -> None:
        """Age, days and kind fit each other, with what is on the books where a field was left blank."""
        person = self.person_now or Member(kind=MemberKind.FULL)
        number = cleaned["id_number"] or (person.reveal_id_number() if person.pk else "")
        birth = idcard.birth(number) if number else person.birth
        emptied = cleaned.get("clear", ())
        joined, formal = (
            None if name in emptied else cleaned[name] or getattr(person, name) for name in ("joined_on", "formal_on")
        )
        kind = cleaned["kind"] or person.kind
        if birth and cleaned["joined_on"] and not is_of_age(birth, joined):
            self.add_error("joined_on", f"按公民身份号码推算，入党时不满 {AGE_OF_JOINING} 周岁，请核对。")
        if joined and formal and formal < joined:
            self.add_error("formal_on" if cleaned["formal_on"] else "joined_on", "转正日期不能早于入党日期，请核对。")
        if kind == MemberKind.PROBATIONARY and formal:
            self.add_error("kind", "预备党员没有转正日期，请核对人员类别。")

    def values(self) -> dict:
        """The columns that were filled in, with days known exactly."""
        stated = {name: self.cleaned_data[name] for name in ("name", "kind", *TEXTS) if self.cleaned_data.get(name)}
        for name in ("joined_on", "formal_on"):
            if self.cleaned_data.get(name):
                stated |= {name: self.cleaned_data[name], f"{name}_precision": Precision.DAY}
        numbers = {name: self.cleaned_data[name] for name in ("id_number", "phone") if self.cleaned_data.get(name)}
        return stated | numbers


class NewForm(ParticularsForm):
    """Who comes onto the roll, and since when."""

    field_order = ("name", "id_number", "kind", "joined_on", "formal_on", "on")

    on = forms.DateField(label="编入本支部的日期", initial=timezone.localdate, help_text="从这一天起计入本支部。")

    def prepare(self) -> None:
        if self.organization.form == Form.JOINT:
            units = Unit.objects.visible_to(self.user).filter(pk__in=self.organization.unit_links.values("unit"))
            self.fields["unit"] = forms.ModelChoiceField(
                units, to_field_name="uid", label="所在单位", required=False, empty_label="未填"
            )

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            cleaned["values"] = self.values()
        return cleaned


class AddMember(PersonTask):
    """新增党员: nobody with this number is on any books."""

    code = "new-member"
    title = "新增党员"
    hint = "登记新发展的或者尚未录入的党员。已在其他支部登记的，请办理组织关系转接，不要重复登记。"
    form_class = NewForm
    from_address = ()

    def people(self, request: Request) -> list[Member]:
        return []

    def run(self, request: Request, watch: Watch) -> None:
        values = {name: value for name, value in request.data["values"].items() if name != "name"}
        member = services.record_member(
            organization=request.organization,
            name=request.data["name"],
            by=request.by,
            since=request.on,
            unit=request.data.get("unit"),
            **values,
        )
        watch.add(rows_of(members=[member]))

    def warnings(self, request: Request) -> list[str]:
        if request.data["kind"] == MemberKind.FULL and not request.data["formal_on"]:
            return ["正式党员没有填写转正日期，党龄无从计算。"]
        return []

    def summary(self, request: Request) -> str:
        return f"{self.title}：{request.data['name']}（{request.organization.name}）"


class ReceiveForm(NewForm):
    """As a new person, with where from and the letter's number."""

    document_no = forms.CharField(label="介绍信编号", max_length=60)
    basis = forms.CharField(label="转出单位", max_length=200, help_text="介绍信所载的原党组织。")

    @property
    def person_now(self) -> Member | None:
        """Who had left the user's part of the books and comes back with the same number and name."""
        number, name = self.cleaned_data.get("id_number"), self.cleaned_data.get("name")
        return services.returning(id_number=number, name=name, by=self.user) if number and name else None

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            cleaned["returning"] = self.person_now
        return cleaned


class ReceiveFromOutside(AddMember):
    """从区外转入: new on these books, or back on them, with the letter of the former place."""

    code = "transfer-in"
    title = "从区外转入"
    group = "组织关系"
    hint = "凭组织关系介绍信接收从区外转来的党员，自转入之日起计入；曾在您管理范围内、已转出的，接续原来的登记。"
    form_class = ReceiveForm

    def people(self, request: Request) -> list[Member]:
        return [request.data["returning"]] if request.data["returning"] else []

    def run(self, request: Request, watch: Watch) -> None:
        member = request.data["returning"]
        if member is None:
            super().run(request, watch)
            return
        services.take_back(
            member=member,
            organization=request.organization,
            since=request.on,
            by=request.by,
            unit=request.data.get("unit"),
            **request.data["values"],
        )


class ChangeForm(ParticularsForm, PersonForm):
    """The person, and what is to be recorded instead; blank fields leave what is there."""

    field_order = (
        *("person", "name", "id_number", "kind", "joined_on", "formal_on", "ethnicity", "education", "work_unit"),
        *("phone", "remark", "clear", "basis"),
    )
    on = None
    document_no = None
    clear = forms.MultipleChoiceField(
        label="清空的项目",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="登记有误、又没有正确内容可填的才勾选，并在“依据说明”中写明理由。",
    )
    kept = "不填则不变。"

    def prepare(self) -> None:
        super().prepare()
        self.fields["clear"].choices = [(name, self.fields[name].label) for name in CLEARABLE]
        for name in ("name", "id_number", "kind", "joined_on"):
            self.fields[name].required = False
        self.fields["kind"].choices = [("", "不变"), *MemberKind.choices()]
        self.fields["education"].choices = [("", "不变"), *((each, each) for each in EDUCATION.choices)]
        for name in ("id_number", "phone"):
            self.fields[name].help_text = f"只在更正时填写，加密保存；{self.kept}"
        if self.named is None:
            return
        for name in ("name", "kind", *TEXTS):
            self.initial[name] = getattr(self.named, name)
        for name in ("joined_on", "formal_on"):
            if getattr(self.named, f"{name}_precision") == Precision.DAY:
                self.initial[name] = getattr(self.named, name)

    @property
    def person_now(self) -> Member | None:
        return self.cleaned_data.get("person")

    def clean(self):
        cleaned = super().clean()
        emptied = cleaned.get("clear", ())
        for name in emptied:
            if name in self.changed_data and cleaned.get(name):
                self.add_error(name, "已选择清空，不要再填写新的内容。")
        if emptied and not cleaned.get("basis"):
            self.add_error("basis", "清空项目的，请写明理由。")
        if not self.errors:
            cleaned["values"] = self.values() | {name: CLEARABLE[name] for name in emptied}
        return cleaned


class ChangeMember(PersonTask):
    """修改党员信息."""

    code = "change-member"
    title = "修改党员信息"
    hint = (
        "更正登记有误或者已经变化的信息；没有填写的项目保持不变，需清空的另行勾选。预备党员转正请办理“转为正式党员”。"
    )
    form_class = ChangeForm

    def run(self, request: Request, watch: Watch) -> None:
        services.change_member(request.data["person"], by=request.by, **request.data["values"])


class FormalForm(PersonForm):
    """Who of the probationary members became a full one, and when."""

    on = forms.DateField(
        label="转正日期", initial=timezone.localdate, help_text="支部大会通过转正的日期；党龄从这天算起。"
    )

    def choices(self):
        return super().choices().filter(kind=MemberKind.PROBATIONARY)


class MakeFormal(PersonTask):
    """转为正式党员."""

    code = "make-formal"
    title = "转为正式党员"
    hint = "登记预备党员按期转正；转正之日起享有表决权、选举权和被选举权。"
    form_class = FormalForm

    def run(self, request: Request, watch: Watch) -> None:
        services.change_member(
            request.data["person"],
            by=request.by,
            kind=MemberKind.FULL,
            formal_on=request.on,
            formal_on_precision=Precision.DAY,
        )

    def warnings(self, request: Request) -> list[str]:
        joined = request.data["person"].joined_on
        if joined is None:
            return ["没有登记入党日期，请核对预备期是否已满。"]
        ends = add_years(joined, PROBATION_YEARS)
        if request.on < ends:
            return [f"预备期到{spoken(ends)}才满一年（《中国共产党章程》第七条），请核对转正日期。"]
        return []


class EndForm(LeavingForm):
    """Whose membership ended, why and when."""

    why = forms.ChoiceField(label="原因", choices=Leaving.choices())
    on = forms.DateField(label="日期", initial=timezone.localdate, help_text="从这一天起不再计入本支部。")

    field_order = ("person", "why", "on")


class EndMembership(PersonTask):
    """逝世、出党: the affiliation ends, the person stays on the books with all that was."""

    code = "end-membership"
    title = "逝世、出党"
    hint = "组织关系自所填日期起结束，不再计入党员人数；历史记录保留。转往别处的请办理组织关系转接。"
    form_class = EndForm

    def run(self, request: Request, watch: Watch) -> None:
        services.end_membership(
            member=request.data["person"],
            organization=request.organization,
            on=request.on,
            reason=Leaving(request.data["why"]).label,
            by=request.by,
        )

    def warnings(self, request: Request) -> list[str]:
        return posts_held(request.data["person"], request.organization, request.by)

    def summary(self, request: Request) -> str:
        why = Leaving(request.data["why"]).label
        return f"{why}：{request.data['person'].name}（{request.organization.name}）"
