"""合并重复党员: two entries of one person become one."""

from django import forms
from django.utils import timezone

from elections.desk.people import GROUP
from elections.desk.task import DatedTaskForm, Request, Task
from elections.models import Post, VillagePost
from elections.services.merging import merge_people
from members.clashes import NUMBER_TAKEN
from members.duplicates import Suspect, suspects
from members.models import Guest, Member
from members.services import takes_affiliations
from members.services.keeping import keeper_of
from orgs.enums import Labeled
from orgs.models import Operation, Organization
from orgs.operations import Watch


class Stays(Labeled):
    """Whose 组织关系 goes on where both have one."""

    KEPT = "kept", "保留的那条登记所在的党支部"
    MERGED = "merged", "并入的那条登记所在的党支部"


class MergeForm(DatedTaskForm):
    """Which entry goes into which, and where the person belongs."""

    pair = forms.ChoiceField(
        label="合并哪两条登记",
        help_text="公民身份号码以保留的一条为准，请对照本人证件核对；保留的一条未填的项目用并入的一条补齐。",
    )
    stays = forms.ChoiceField(
        label="现在的组织关系",
        choices=Stays.choices(),
        initial=Stays.KEPT,
        help_text="两条登记在不同党支部时，选择本人组织关系实际所在的一处；另一处到其开始之日为止。",
    )
    on = forms.DateField(label="核实日期", initial=timezone.localdate)
    basis = forms.CharField(label="核实情况", max_length=150, help_text="如：已核对身份证原件，号码末四位录入有误。")
    document_no = None

    field_order = ("pair", "stays", "on", "basis")

    def prepare(self) -> None:
        pairs = suspects(self.user, self.organization)
        if named := [pair for pair in pairs if self.initial.get("pair") in _ways(pair)]:
            pairs = named
        else:
            self.initial.pop("pair", None)
        self.found = {key: people for pair in pairs for key, people in _ways(pair).items()}
        self.fields["pair"].choices = [("", "请选择"), *((key, _words(*people)) for key, people in self.found.items())]
        self.fields["pair"].error_messages["invalid_choice"] = "这两条登记已经处理，或者不再是疑似重复。"

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            cleaned["keep"], cleaned["drop"] = self.found[cleaned["pair"]]
        return cleaned


def _ways(pair: Suspect) -> dict[str, tuple[Member, Member]]:
    """{address of a choice: (entry that stays, entry that goes into it)}: both ways round."""
    return {f"{keep.uid}.{drop.uid}": (keep, drop) for keep, drop in (pair.both, pair.both[::-1])}


def _words(keep: Member, drop: Member) -> str:
    return f"{keep.name}：保留 {entry_words(keep)}，并入 {entry_words(drop)}"


def entry_words(member: Member) -> str:
    """An entry told apart from another one of the same name: masked number and branch."""
    keeper = keeper_of(member)
    return f"{member.masked_id_number or '无号码'}（{keeper.name if keeper else '组织关系不在册'}）"


class MergePeople(Task):
    """合并重复党员."""

    code = "merge-people"
    title = "合并重复党员"
    group = GROUP
    hint = (
        "同一名党员因号码录入有误等登记成两条时，合并为一条：组织关系、情形、职务都归到保留的一条，"
        "原来的登记作废但留有记录。不能确定是同一人的不要合并。"
    )
    form_class = MergeForm
    from_address = ("pair",)

    def offered(self, organization: Organization) -> bool:
        return organization.closed_on is None and takes_affiliations(organization)

    def concerned(self, request: Request) -> list[Organization]:
        places = {request.organization.pk: request.organization}
        for member in self.people(request):
            if keeper := keeper_of(member):
                places.setdefault(keeper.pk, keeper)
        return list(places.values())

    def people(self, request: Request) -> list[Member]:
        return [request.data["keep"], request.data["drop"]]

    def more_rows(self, request: Request) -> list:
        return [Guest.everything.filter(affiliation__member__in=self.people(request))]

    def run(self, request: Request, watch: Watch) -> None:
        keep, drop = self.people(request)
        merge_people(
            keep=keep,
            drop=drop,
            stays_with=keep if request.data["stays"] == Stays.KEPT else drop,
            on=request.on,
            reason=request.data["basis"],
            by=request.by,
        )

    def warnings(self, request: Request) -> list[str]:
        keep, drop = self.people(request)
        found = [f"保留 {entry_words(keep)}，并入 {entry_words(drop)}，并入的登记作废，留有记录。"]
        held = [*Post.objects.visible_to(request.by).filter(member=drop)]
        held += VillagePost.objects.visible_to(request.by).filter(member=drop)
        if held:
            found.append(f"并入的登记所任{len(held)}项职务转到保留的登记名下。")
        return [*found, "合并之后，两处以往各算一人的时点人数改按一人计算。"]

    def summary(self, request: Request) -> str:
        return f"{self.title}：{request.data['keep'].name}（{request.organization.name}）"

    def depending(self, operation: Operation) -> list[str]:
        # The entry that was kept may have taken the number over: it gives it back.
        both = Member.everything.filter(
            uid__in=operation.effects.filter(table=Member._meta.label_lower).values("target_uid")
        )
        merged = both.filter(voided_at__isnull=False).exclude(id_number_index=None)
        numbers = list(merged.values_list("id_number_index", flat=True))
        taken = Member.objects.filter(id_number_index__in=numbers).exclude(pk__in=both.values("pk")).exists()
        return [NUMBER_TAKEN] if taken else []
