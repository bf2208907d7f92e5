"""撤销, 吸收合并, 新设合并, 拆分, 升格 and 改建: organizations that end, and those that come out of them."""

from django import forms
from django.db.models import QuerySet

from elections.desk.choices import TAKES_PEOPLE, FoundingForm, OrganizationsChoice, OtherForm, neighbors
from elections.desk.dependents import later_rows
from elections.desk.task import DatedTaskForm, Request, Task
from elections.desk.watch import places_below, rows_of
from elections.models import Extension
from elections.services import reorganization
from elections.services.reorganization.conversion import CONVERTIBLE, children_now
from elections.services.reorganization.people import first_roster
from members.models import Member
from orgs.enums import Action, Form, Kind
from orgs.models import Organization, User
from orgs.operations import Watch

GROUP = "组织设置"
NO_RIGHT_ABOVE = "撤并须由能够维护其上级党组织的单位办理，请联系上级党组织。"


class ReorganizationTask(Task):
    """A task of the superior: needs the right at the parent, too."""

    group = GROUP

    def offered(self, organization: Organization) -> bool:
        return organization.kind in CONVERTIBLE and organization.closed_on is None

    def refusal(self, organization: Organization, user: User) -> str:
        return "" if user.may(Action.EDIT, organization.parent or organization) else NO_RIGHT_ABOVE

    def people(self, request: Request) -> list[Member]:
        return list(Member.objects.filter(affiliations__organization__in=self.concerned(request)).distinct())

    def more_rows(self, request: Request) -> list[QuerySet]:
        # What stands under an organization that goes over gets a new path.
        return places_below(self.concerned(request))


class CloseForm(OtherForm):
    """When, on what document, and where the people go."""

    is_needed = False

    def conditions(self) -> dict:
        return TAKES_PEOPLE

    def prepare(self) -> None:
        super().prepare()
        self.fields["other"].label = "党员转入的党支部"
        self.fields["other"].help_text = "没有党员的不必选。"


class Close(ReorganizationTask):
    """撤销."""

    code = "close"
    title = "撤销"
    hint = "从生效日期起不再存在；届次和历史记录保留，届满后撤销的仍计入当期应换届数，不影响按期换届率。"
    form_class = CloseForm

    def concerned(self, request: Request) -> list[Organization]:
        return _present(request.organization, request.data["other"])

    def run(self, request: Request, watch: Watch) -> None:
        reorganization.close_with_people(
            organization=request.organization,
            on=request.on,
            by=request.by,
            to=request.data["other"],
            basis=_basis(request),
        )

    def warnings(self, request: Request) -> list[str]:
        return _roster_warnings([request.organization], request.data["other"]) + _pending(request.organization)


class AbsorbForm(OtherForm):
    """When, on what document, and into which."""

    def conditions(self) -> dict:
        return {"kind": self.organization.kind}

    def prepare(self) -> None:
        super().prepare()
        self.fields["other"].label = "并入的党组织"


class Absorb(ReorganizationTask):
    """吸收合并, from the page of the one that ends."""

    code = "absorb"
    title = "并入其他党组织"
    hint = "吸收合并：本党组织撤销，党员和下级党组织转入对方；对方届次和届满日期不变，合并后提示调整班子。"
    form_class = AbsorbForm

    def concerned(self, request: Request) -> list[Organization]:
        return _present(request.organization, request.data["other"])

    def run(self, request: Request, watch: Watch) -> None:
        reorganization.absorb(
            former=request.organization,
            into=request.data["other"],
            on=request.on,
            by=request.by,
            document_no=request.data["document_no"],
        )

    def summary(self, request: Request) -> str:
        return f"吸收合并：“{request.organization.name}”并入“{request.data['other'].name}”"

    def warnings(self, request: Request) -> list[str]:
        return _roster_warnings([request.organization], request.data["other"]) + _pending(request.organization)

    def depending(self, operation) -> list[str]:
        return later_rows(operation)


class MergeForm(DatedTaskForm):
    """With which others, and what the new one is called."""

    others = OrganizationsChoice(label="一同合并的党组织")
    name = forms.CharField(label="新设党组织名称", max_length=120)
    code = forms.CharField(label="新设党组织统一编码", max_length=40, required=False)
    form = forms.ChoiceField(label="组织形式", required=False)

    field_order = ("others", "name", "code", "form")

    def prepare(self) -> None:
        self.fields["others"].queryset = neighbors(
            self.user, self.organization, kind=self.organization.kind, parent=self.organization.parent
        )
        forms_allowed = [Form.ORDINARY, Form.JOINT] if self.organization.kind == Kind.BRANCH else [Form.ORDINARY]
        self.fields["form"].choices = [(each.value, each.label) for each in forms_allowed]


class MergeIntoNew(ReorganizationTask):
    """新设合并."""

    code = "merge"
    title = "合并新设"
    hint = "新设合并：本党组织与同一上级下的其他党组织撤销，新设一个党组织，待首次选举。"
    form_class = MergeForm

    def concerned(self, request: Request) -> list[Organization]:
        return [request.organization, *request.data["others"]]

    def run(self, request: Request, watch: Watch) -> None:
        new = reorganization.merge_into_new(
            former=self.concerned(request),
            name=request.data["name"],
            code=request.data["code"],
            form=request.data["form"],
            on=request.on,
            by=request.by,
            document_no=request.data["document_no"],
        )
        watch.add(rows_of(organizations=[new]))

    def summary(self, request: Request) -> str:
        names = "、".join(f"“{each.name}”" for each in self.concerned(request))
        return f"新设合并：{names}合并为“{request.data['name']}”"

    def warnings(self, request: Request) -> list[str]:
        former = self.concerned(request)
        return _new_roster_warnings(former) + [line for each in former for line in _pending(each)]


class SplitForm(FoundingForm):
    """Which new branches, who goes where, and whether the old one ends."""

    closes = forms.BooleanField(label="原党支部同时撤销", required=False, help_text="须为每名党员选择新设的党支部。")


class Split(ReorganizationTask):
    """拆分."""

    code = "split"
    title = "拆分"
    hint = "从本党支部分出新的党支部，待首次选举；没有选择去向的党员留在本党支部，本党支部届次不变。"
    form_class = SplitForm

    def offered(self, organization: Organization) -> bool:
        return super().offered(organization) and organization.kind == Kind.BRANCH

    def run(self, request: Request, watch: Watch) -> None:
        founded = reorganization.split(
            organization=request.organization,
            branches=request.data["branches"],
            on=request.on,
            by=request.by,
            closes=request.data["closes"],
            document_no=request.data["document_no"],
        )
        watch.add(rows_of(organizations=founded))

    def summary(self, request: Request) -> str:
        names = "、".join(f"“{each.name}”" for each in request.data["branches"])
        return f"拆分：由“{request.organization.name}”分出{names}"

    def warnings(self, request: Request) -> list[str]:
        return _new_roster_warnings([request.organization])


class ConvertForm(FoundingForm):
    """What it becomes, and where the members of a branch go."""

    kind = forms.ChoiceField(label="改建为")
    name = forms.CharField(label="新名称", max_length=120, required=False, help_text="不填则名称不变。")

    field_order = ("kind", "name", "on", "document_no", "basis")
    stays = ""

    def prepare(self) -> None:
        kinds = [each for each in CONVERTIBLE if each != self.organization.kind]
        if self.organization.kind == Kind.BRANCH:
            super().prepare()
        else:
            self.people = []
        self.fields["kind"].choices = [(each.value, each.label) for each in kinds]


class Convert(ReorganizationTask):
    """升格 and 改建."""

    code = "convert"
    title = "升格或改建"
    hint = (
        "统一编码不变；原届次到批复日为止，班子成员职务同时终止，新的班子待首次选举。"
        "党支部升格的，党员须分到新设的党支部；改建为党支部的，下级党支部撤销，党员转入本党支部。"
    )
    form_class = ConvertForm

    def concerned(self, request: Request) -> list[Organization]:
        becomes_branch = request.data["kind"] == Kind.BRANCH
        return [request.organization, *(children_now(request.organization) if becomes_branch else ())]

    def refusal(self, organization: Organization, user: User) -> str:
        return ""

    def run(self, request: Request, watch: Watch) -> None:
        below = Organization.objects.children_of(request.organization)
        known = list(below.values_list("pk", flat=True))
        reorganization.convert(
            organization=request.organization,
            kind=request.data["kind"],
            name=request.data["name"],
            branches=request.data["branches"],
            on=request.on,
            by=request.by,
            document_no=request.data["document_no"],
        )
        watch.add(rows_of(organizations=below.exclude(pk__in=known)))

    def summary(self, request: Request) -> str:
        before, after = Kind(request.organization.kind).label, Kind(request.data["kind"]).label
        return f"{before}改建为{after}：“{request.organization.name}”"

    def warnings(self, request: Request) -> list[str]:
        founded = _new_roster_warnings([request.organization]) if request.data["branches"] else []
        return founded + _pending(request.organization)

    def depending(self, operation) -> list[str]:
        return later_rows(operation)


def _present(*organizations: Organization | None) -> list[Organization]:
    return [each for each in organizations if each is not None]


def _basis(request: Request) -> str:
    return " ".join(filter(None, (request.data["document_no"], request.data["basis"])))


def _roster_warnings(former: list[Organization], into: Organization | None) -> list[str]:
    """Where the head count would not follow the people."""
    if into is None or first_roster(into):
        return []
    if any(first_roster(each) for each in former):
        return [f"“{into.name}”没有确认过党员花名册，转入的党员不会计入它的党员数，请随后上传花名册。"]
    return [f"双方都没有确认过党员花名册，上报人数不会自动合并，请由“{into.name}”重新上报。"]


def _new_roster_warnings(former: list[Organization]) -> list[str]:
    without = [f"“{each.name}”" for each in former if not first_roster(each)]
    if not without:
        return []
    return [f"{'、'.join(without)}没有确认过党员花名册，新设党组织的党员数未知，请随后上传花名册或上报人数。"]


def _pending(organization: Organization) -> list[str]:
    number = Extension.objects.filter(term__organization=organization, is_approved=False).count()
    return [f"“{organization.name}”有 {number} 项未获批准的延期申请，随之终止。"] if number else []
