"""The admin of a district's law: stricter values, lists and rules compared with their text; added, never edited."""

from django import forms
from django.contrib import admin
from django.db.models import Case, F, Value, When
from django.utils import timezone
from django.utils.html import format_html_join

from elections.models import CheckedProvision, LocalList, LocalValue
from elections.rules.chapters import texts
from elections.rules.parameters import Law, Local
from elections.rules.parameters.lists import LISTS
from elections.services.law import add_local_list, add_local_value, check_provision, void_local, withdraw_check
from orgs import paths
from orgs.admin.base import ScopedAdmin
from orgs.admin.filters import YesNoFilter
from orgs.admin.forms import DATES_BY_BROWSER, DayInput, ServiceForm
from orgs.enums import Action
from orgs.models import Organization

DIRECTIONS = {Local.MORE: "只能更大", Local.LESS: "只能更小"}
# What stands for a root that the user does not see themselves.
OWN_TREE = "所在区"


def open_parameters() -> list[tuple[str, str]]:
    """(name, title with today's national value and which direction is stricter) of every number open to districts."""
    today = timezone.localdate()
    found = [("", "请选择")]
    for name, each in Law.builtin().parameters():
        if each.local is not Local.CLOSED:
            value = each.on(today).value
            national = (
                f"全国{value}{each.unit}，{DIRECTIONS[each.local]}" if value else f"全国未统一，单位为{each.unit}"
            )
            found.append((name, f"{each.title}（{national}）"))
    return found


def open_lists() -> list[tuple[str, str]]:
    """(name, title) of every list that a district publishes."""
    return [("", "请选择"), *((each.name.value, each.title) for each in LISTS if each.is_open)]


def checkable_texts() -> list:
    """Every rule that can be compared with its text, under its document."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for each in texts(Law.builtin()):
        words = f"{each.citation.removeprefix(each.document) or '条号未填'} {'、'.join(each.titles)}"
        groups.setdefault(each.document, []).append((f"{each.rule_id}|{each.document}", words))
    return [("", "请选择"), *groups.items()]


class FutureFilter(YesNoFilter):
    """Rows whose day is still to come, or has come."""

    title = "是否施行"
    parameter_name = "future"
    words = ("尚未施行", "已施行")

    def answered(self, queryset, yes):
        today = timezone.localdate()
        return queryset.filter(since__gt=today) if yes else queryset.filter(since__lte=today)


class VoidableForm(ServiceForm):
    """A new row, or the reason why a wrong one is taken back."""

    void_reason = forms.CharField(
        label="作废原因", max_length=200, help_text="保存后本条作废，不再适用；变更记录中保留"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        is_new = self.instance.pk is None
        for name in list(self.fields):
            # What was added is told, not edited.
            if (name in ("void_reason", "seen_version")) == is_new:
                del self.fields[name]


class LocalValueForm(VoidableForm):
    """A stricter value, or its end."""

    parameter = forms.ChoiceField(label="项目", choices=open_parameters)


class LocalListForm(VoidableForm):
    """A list, one item a line."""

    name = forms.ChoiceField(label="清单", choices=open_lists)
    items = forms.CharField(
        label="各项内容",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 12, "cols": 80}),
        help_text="每行一项，按本区文件原文填写；不填表示从这一天起停止执行",
    )


class CheckedProvisionForm(VoidableForm):
    """A rule that the user has compared with the official text."""

    error_fields = {"rule_id": "text", "document": "text"}

    text = forms.ChoiceField(label="规定", choices=checkable_texts)
    on = forms.DateField(label="核对日期", widget=DayInput, initial=timezone.localdate)


class TreeLawAdmin(ScopedAdmin):
    """Rows of the law of the user's trees; who approves at a root adds them and takes wrong ones back."""

    formfield_overrides = DATES_BY_BROWSER
    choice_fields = ("root",)
    list_select_related = ("by",)
    # What the row says, in order.
    told: tuple[str, ...] = ()

    def get_queryset(self, request):
        """With the name of the root for those who see it."""
        own = paths.subtrees(self.allowed_paths(request, self.rows.read_action), "root__path")
        place = Case(When(own, then=F("root__name")), default=Value(OWN_TREE))
        return super().get_queryset(request).annotate(place=place)

    def roots(self, request):
        """The roots whose law the user may add to."""
        return Organization.objects.roots().allowing(request.user, Action.APPROVE)

    def choices_for(self, name, request):
        return self.roots(request)

    def get_changeform_initial_data(self, request):
        roots = list(self.roots(request)[:2])
        only = {"root": str(roots[0].uid)} if len(roots) == 1 else {}
        return {**only, **super().get_changeform_initial_data(request)}

    def has_add_permission(self, request, obj=None):
        allowed = self.allowed_paths(request, self.rows.edit_action)
        return any(paths.level_of(path) == 1 for path in allowed)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or self.may_be_taken_back(obj))

    def may_be_taken_back(self, row) -> bool:
        """Whether a wrong row can still be voided."""
        return row.since > timezone.localdate()

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return self.add_fieldsets
        told = (None, {"fields": self.told})
        if not self.has_change_permission(request, obj):
            return (told,)
        return (told, ("作废", {"fields": ("void_reason", "seen_version")}))

    def get_readonly_fields(self, request, obj=None):
        return self.told if obj is not None else ()

    def after_saving(self, request, obj):
        # What was taken back has no page any more.
        return (
            super().after_saving(request, obj)
            if obj.voided_at is None
            else self.response_post_save_change(request, obj)
        )

    def change(self, request, record, form):
        void_local(record, reason=form.cleaned_data["void_reason"], by=request.user)

    @admin.display(description="适用范围")
    def place(self, row):
        """In whose tree it holds."""
        return row.place

    @admin.display(description="经办人")
    def added_by(self, row):
        """Who added it."""
        return row.by.get_full_name()

    @admin.display(description="施行情况")
    def in_force(self, row):
        """Whether its day has come."""
        return "已施行" if row.since <= timezone.localdate() else "尚未施行"


@admin.register(LocalValue)
class LocalValueAdmin(TreeLawAdmin):
    """Stricter values of districts."""

    form = LocalValueForm
    list_display = ("name_told", "value_told", "since", "in_force", "basis", "place", "added_by")
    list_filter = (FutureFilter,)
    search_fields = ("basis",)
    search_help_text = "按依据文件查找"
    ordering = ("parameter", "-since")
    sortable_by = ("since",)
    add_fieldsets = ((None, {"fields": ("root", "parameter", "value", "since", "basis")}),)
    told = ("name_told", "value_told", "since", "in_force", "basis", "place", "added_by", "created_at")

    def create(self, request, form):
        values = {name: form.cleaned_data[name] for name in ("root", "parameter", "value", "since", "basis")}
        return add_local_value(by=request.user, **values)

    @admin.display(description="项目")
    def name_told(self, row):
        """What the number is called."""
        return row.title

    @admin.display(description="数值")
    def value_told(self, row):
        """The value with its unit."""
        return row.told


@admin.register(LocalList)
class LocalListAdmin(TreeLawAdmin):
    """Lists that districts publish."""

    form = LocalListForm
    list_display = ("name_told", "size", "since", "in_force", "basis", "place", "added_by")
    list_filter = (FutureFilter,)
    search_fields = ("basis", "items")
    search_help_text = "按依据文件或内容查找"
    ordering = ("name", "-since")
    sortable_by = ("since",)
    add_fieldsets = ((None, {"fields": ("root", "name", "items", "since", "basis")}),)
    told = ("name_told", "items_told", "since", "in_force", "basis", "place", "added_by", "created_at")

    def create(self, request, form):
        values = {name: form.cleaned_data[name] for name in ("root", "name", "items", "since", "basis")}
        return add_local_list(by=request.user, **values)

    @admin.display(description="清单")
    def name_told(self, row):
        """Which list it is."""
        return row.get_name_display()

    @admin.display(description="项数")
    def size(self, row):
        """How many items it has."""
        return f"{len(row.lines)} 项" if row.lines else "停止执行"

    @admin.display(description="各项内容")
    def items_told(self, row):
        """The items, one a line."""
        numbered = [(number, line) for number, line in enumerate(row.lines, 1)]
        return format_html_join("", "<div>{}. {}</div>", numbered) or "停止执行"


@admin.register(CheckedProvision)
class CheckedProvisionAdmin(TreeLawAdmin):
    """Rules that named persons compared with the official text."""

    form = CheckedProvisionForm
    list_display = ("document", "article", "titles", "on", "added_by", "note", "place")
    search_fields = ("document", "article", "note")
    search_help_text = "按文件、条号或备注查找"
    ordering = ("document", "article", "-on")
    sortable_by = ("document", "on")
    add_fieldsets = ((None, {"fields": ("root", "text", "article", "on", "note")}),)
    told = ("document", "article", "titles", "on", "added_by", "note", "place", "created_at")

    def may_be_taken_back(self, row) -> bool:
        """Always: no judgement of a day rests on it, and a wrong one must not be cited as law."""
        return True

    def create(self, request, form):
        rule_id, _, document = form.cleaned_data["text"].partition("|")
        values = {name: form.cleaned_data[name] for name in ("root", "article", "on", "note")}
        return check_provision(by=request.user, rule_id=rule_id, document=document, **values)

    def change(self, request, record, form):
        withdraw_check(record, reason=form.cleaned_data["void_reason"], by=request.user)

    @admin.display(description="规定")
    def titles(self, row):
        """What rests on the rule."""
        found = (each.titles for each in texts(Law.builtin()) if each.key == (row.rule_id, row.document))
        return "、".join(next(found, ())) or "—"
