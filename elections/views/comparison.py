"""时点对比: two days of a node side by side, every number and difference with the organizations behind it."""

from datetime import date, timedelta
from io import BytesIO

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from elections import comparison_file
from elections.comparison import CAME, GROUPS, LEFT, TOTAL, Change, Comparison, Line, Moved
from elections.rules.dated import add_years
from elections.views.addresses import address
from elections.views.frame import Frame, frame_of, without_part
from elections.views.ledger import XLSX
from elections.views.paging import page_links
from orgs.days import FIRST_DAY, spoken
from orgs.enums import State
from orgs.opening import people_since
from orgs.wording import NONE

ANY = [("", "不限")]


class ComparisonForm(forms.Form):
    """The earlier day and what of the changes is listed; the later day is the page's own."""

    since = forms.DateField(
        label="从",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"class": "form-control", "type": "date"}),
    )
    before = forms.ChoiceField(
        label="原状态",
        required=False,
        choices=[*ANY, *State.choices()],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    after = forms.ChoiceField(
        label="现状态",
        required=False,
        choices=[*ANY, *State.choices()],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    group = forms.ChoiceField(required=False, choices=[*ANY, *((key, words) for key, (words, _) in GROUPS.items())])
    way = forms.ChoiceField(required=False, choices=[*ANY, (CAME, "转入"), (LEFT, "转出")])
    page = forms.IntegerField(required=False, min_value=1, max_value=10**7)

    def moved(self) -> Moved:
        """The filters among the fields that are right."""
        asked = self.cleaned_data
        return Moved(
            before=(State(asked["before"]),) if asked.get("before") else (),
            after=(State(asked["after"]),) if asked.get("after") else (),
            group=asked.get("group") or "",
            way=asked.get("way") or "",
        )

    def kept(self) -> dict:
        """The filters as an address carries them."""
        return {name: self.cleaned_data.get(name) for name in ("before", "after", "group", "way")}


@login_required
@never_cache
@require_safe
def comparison(request):
    """The counts of both days and the list of changes, of the node the address names."""
    frame, form, since = _asked(request)
    if frame is None:
        return without_part(request)
    found = Comparison(user=request.user, node=frame.node, first=since, last=frame.on, moved=form.moved())
    is_hidden = found.books_since is not None

    def here(**filters):
        return address("comparison", **_place(frame, since), **filters)

    context = {
        **frame.context(since=since, **form.kept()),
        "form": form,
        "since": since,
        "choices": _choices(frame, since),
        "is_hidden": is_hidden,
        "hidden_words": _hidden_words(frame, found),
        "lines": [_line(frame, since, line, here, is_hidden) for line in found.lines()],
        "export_url": "" if is_hidden else address("comparison_export", **_place(frame, since), **form.kept()),
        "form_keeps": [(name, value) for name, value in _place(frame, None).items() if value],
        "filter_keeps": [
            (name, value)
            for name, value in {**_place(frame, since), **form.kept(), "before": None, "after": None}.items()
            if value
        ],
        "clear_url": here() if any(form.kept().values()) else "",
        "group_words": GROUPS[form.kept()["group"]][0] if form.kept()["group"] else "",
    }
    if not is_hidden:
        page = found.page(form.cleaned_data.get("page") or 1)
        context |= {
            "rows": [_row(frame, change) for change in page.object_list],
            "page_words": f"共 {page.paginator.count} 个党组织，第 {page.start_index()}–{page.end_index()} 个",
            "pages": page_links(page, lambda number: here(**form.kept(), page=number)),
        }
    return render(request, "elections/comparison.html", context)


@login_required
@never_cache
@require_safe
def comparison_export(request):
    """Both tables as an Excel file; nothing before the 建账日, of which the page tells."""
    frame, form, since = _asked(request)
    if frame is None:
        return without_part(request)
    found = Comparison(user=request.user, node=frame.node, first=since, last=frame.on, moved=form.moved())
    if found.books_since is not None:
        return redirect(address("comparison", **_place(frame, since), **form.kept()))
    return FileResponse(
        BytesIO(comparison_file.xlsx(found)),
        as_attachment=True,
        filename=f"{frame.node.name}时点对比{since:%Y%m%d}-{frame.on:%Y%m%d}.xlsx",
        content_type=XLSX,
    )


def _asked(request) -> tuple[Frame | None, ComparisonForm, date]:
    """The frame, the checked form and the earlier day: the end of the month before unless the address names another."""
    frame = frame_of(request, screen="comparison")
    form = ComparisonForm(request.GET)
    form.is_valid()
    if frame is None:
        return None, form, date.min
    since = form.cleaned_data.get("since")
    if "since" in form.errors or (since and not FIRST_DAY <= since < frame.on):
        messages.warning(request, "起始日期须早于截止日期，已改为上月末。")
        since = None
    return frame, form, since or end_of_last_month(frame.on)


def end_of_last_month(day: date) -> date:
    """The last day of the month before."""
    return day.replace(day=1) - timedelta(days=1)


def _place(frame: Frame, since: date | None) -> dict:
    return {"node": frame.node.uid, "since": since, "on": frame.on_or_none}


def _choices(frame: Frame, since: date) -> list[dict]:
    """The usual earlier days, and the 建账日 where it is later than one of them."""
    on = frame.on
    days = {
        "上月末": end_of_last_month(on),
        "去年末": date(on.year - 1, 12, 31),
        "上年同日": add_years(on, -1),
        "建账日": people_since([frame.node])[frame.node.pk],
    }
    return [
        {
            "label": label,
            "title": spoken(day),
            "url": address("comparison", **_place(frame, day)),
            "is_current": day == since,
        }
        for label, day in days.items()
        if day and FIRST_DAY <= day < on
    ]


def _hidden_words(frame: Frame, found: Comparison) -> str:
    if found.books_since is None:
        return ""
    return (
        f"起始日期{spoken(found.first)}早于{frame.node.name}或其下级的建账日（{spoken(found.books_since)}），"
        "建账以前的变化无从对比，以“—”表示；两日各自的状态不受影响，点击数字查看。"
    )


def _line(frame: Frame, since: date, line: Line, here, is_hidden: bool) -> dict:
    """One count: the numbers lead to the ledger of their day, what changed to the list below."""
    states = [] if line.key == TOTAL else sorted(state.value for state in line.states)

    def ledger_on(day: date) -> str:
        on = None if day == frame.today else day.isoformat()
        return address("ledger", node=frame.node.uid, on=on, state=states)

    return {
        "label": line.label,
        "state": next(iter(line.states)) if len(line.states) == 1 else None,
        "first": line.first,
        "first_url": ledger_on(since),
        "last": line.last,
        "last_url": ledger_on(frame.on),
        "difference": NONE if is_hidden else signed(line.difference),
        "came": NONE if is_hidden else str(line.came),
        "left": NONE if is_hidden else str(line.left),
        **{
            f"{name}_url": "" if is_hidden or not number else f"{here(group=line.key, way=way)}#changes"
            for name, number, way in (
                ("difference", line.came + line.left, ""),
                ("came", line.came, CAME),
                ("left", line.left, LEFT),
            )
        },
    }


def signed(number: int) -> str:
    """A difference with its sign: +3, −2, 0."""
    return f"+{number}" if number > 0 else f"−{-number}" if number < 0 else "0"


def _row(frame: Frame, change: Change) -> dict:
    organization = change.organization
    return {
        "url": frame.page_of(organization),
        "name": change.name,
        "code": organization.code,
        "kind": change.kind.label,
        "place": change.place.short_name or change.place.name if change.place else NONE,
        "before": change.before.state,
        "after": change.after.state,
        "reasons": change.reasons,
    }
