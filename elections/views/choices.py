"""Choosing what becomes of single people of a preview: person by person, fifty a page, or all of a list at once."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from elections.imports.choices import COUNTED, AllForm, ChoiceForm, People, chooser_of, first_values, is_open, told
from elections.views.addresses import address
from elections.views.paging import page_links
from orgs.enums import BatchState, ChoiceSubject
from orgs.importing import preview as previews
from orgs.importing.choosing import MAY_CHOOSE, Listed, choose
from orgs.importing.refusals import BatchClosed
from orgs.models import ImportBatch
from orgs.refusals import Refused
from orgs.scoping import NOT_FOUND, get_visible_or_404

PEOPLE = 50
# From so many organizations on they are chosen from a list instead of standing side by side.
MANY_PLACES = 12
# So many are named of whom nothing can be chosen: their roster is of another kind.
NAMED = 200
TITLES = {
    ChoiceSubject.MISSING: "在册而名册中没有的人员",
    ChoiceSubject.TRANSFER: "在其他党组织在册的人员（划转）",
}
HINTS = {
    ChoiceSubject.MISSING: "没有选择的保持不变。选择随预览保存，确认导入时一并办理，撤销导入时一并撤回。",
    ChoiceSubject.TRANSFER: (
        "在您管理范围内的，确认导入时划转；其他的，确认导入时向其现所在党组织提出申请，对方同意后转入。没有选择的暂不办理。"
    ),
}
NOTHING = "没有新的选择需要保存。"
CHANGED = "名单或者选择刚有变化，现在是 {number} 人，请再次核对。"


def choices_context(batch: ImportBatch) -> dict:
    """What the page of a batch says of choices: a sentence, and a link to each list with its numbers.

    Of a kind of roster that lets nothing be chosen those are named whom it leaves out.
    """
    if chooser_of(batch) is None:
        missing = previews.head(batch).missing
        return {"left_out": missing[:NAMED], "more_left_out": max(0, len(missing) - NAMED)}
    chosen = dict.fromkeys(COUNTED, 0)
    for subject in batch.choices.values_list("subject", flat=True):
        chosen[ChoiceSubject(subject)] += 1
    return {
        "choices_told": told(batch),
        "choices": [
            {
                "title": TITLES[subject],
                "number": batch.counts[name],
                "chosen": chosen[subject],
                "url": _address(batch, subject),
                "is_open": is_open(batch),
            }
            for subject, name in COUNTED.items()
            if batch.counts.get(name) and batch.preview_sealed
        ],
    }


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def import_choices(request, uid, subject):
    """The list with a form for each person (GET); a POST saves those of the page, or asks about and saves all."""
    batch = get_visible_or_404(
        ImportBatch.objects.select_related("organization").defer("file_sealed"), user=request.user, uid=uid
    )
    if subject not in COUNTED:
        raise Http404(NOT_FOUND)
    people = People(batch, subject, user=request.user)
    if people.chooser is None:
        raise Http404(NOT_FOUND)
    place = request.GET.get("place", "")
    if request.method != "POST":
        return _page(request, people, place)
    if not is_open(batch):
        messages.error(request, str(BatchClosed(_closed_as(batch))))
        return redirect(_address(batch, subject, place=place))
    step = request.POST.get("step", "")
    if step in ("all", "confirm"):
        return _all(request, people, place, is_confirmed=step == "confirm")
    return _save(request, people, place)


def _closed_as(batch: ImportBatch) -> str:
    """The state that keeps a batch from being chosen for: its own, or that its time is over."""
    return BatchState.EXPIRED if batch.state in MAY_CHOOSE else batch.state


def _save(request, people: People, place: str):
    """Keep what was chosen for the people of the page and turn to the one asked for; or nothing, and what is wrong."""
    here, there = request.POST.get("page", "1"), request.GET.get("page", "1")
    part = _part(request, people, place)
    forms = {each.uid: _form(people, each, request.POST) for each in part}
    changed = {uid: form for uid, form in forms.items() if form.is_valid() and form.has_changed()}
    changed = {uid: form for uid, form in changed.items() if form.cleaned_data["choice"]}
    saved = 0
    with transaction.atomic():
        for group in _alike(changed):
            try:
                choose(
                    batch=people.batch,
                    chooser=people.chooser,
                    subject=people.subject,
                    targets=[uid for uid, _ in group],
                    choice=group[0][1].cleaned_data["choice"],
                    details=group[0][1].details(),
                    by=request.user,
                    expected={uid: _version(request, uid) for uid, _ in group},
                )
                saved += len(group)
            except (ValidationError, Refused) as error:
                _say(people, group, error)
        failed = any(form.errors for form in forms.values())
        if failed:
            transaction.set_rollback(True)
    if failed:
        return _page(request, people, place, number=here, forms=forms)
    if saved:
        messages.success(request, f"已保存 {saved} 人的选择。")
    elif here == there:
        messages.info(request, NOTHING)
    return redirect(_address(people.batch, people.subject, place=place, page=request.GET.get("page")))


def _all(request, people: People, place: str, *, is_confirmed: bool):
    """Ask once more with the number, then keep one choice for everybody whom the list shows."""
    form = AllForm(request.POST, chooser=people.chooser, subject=people.subject, prefix="all")
    if not form.is_valid() or not form.cleaned_data["choice"]:
        if form.is_valid():
            form.add_error("choice", "请选择处理方式。")
        return _page(request, people, place, all_form=form)
    wanted = people.unchosen(place) if form.cleaned_data["only_open"] else people.at(place)
    counted = request.POST.get("number", "") == str(len(wanted))
    try:
        if is_confirmed and counted and wanted:
            choose(
                batch=people.batch,
                chooser=people.chooser,
                subject=people.subject,
                targets=[each.uid for each in wanted],
                choice=form.cleaned_data["choice"],
                details=form.details(),
                by=request.user,
            )
            messages.success(request, f"已保存 {len(wanted)} 人的选择。")
            return redirect(_address(people.batch, people.subject, place=place))
        people.chooser.cleaned(
            people.chooser.option(people.subject, form.cleaned_data["choice"]), form.details(), request.user
        )
    except (ValidationError, Refused) as error:
        _say(people, [("", form)], error)
        return _page(request, people, place, all_form=form)
    if not wanted:
        messages.info(request, NOTHING)
        return redirect(_address(people.batch, people.subject, place=place))
    again = CHANGED.format(number=len(wanted)) if is_confirmed else ""
    return _page(request, people, place, all_form=form, asked=_asked(people, place, form, wanted) | {"again": again})


def _asked(people: People, place: str, form: AllForm, wanted: list[Listed]) -> dict:
    """The question before one choice is kept for many."""
    option = people.chooser.option(people.subject, form.cleaned_data["choice"])
    details = "，".join(text for text in form.details().values() if text)
    return {
        "words": f"将对{f'“{place}”的' if place else '名单中的'} {len(wanted)} 人选择“{option.label}”"
        + (f"（{details}）" if details else "")
        + "。",
        "number": len(wanted),
        "fields": [(f"all-{name}", request_value) for name, request_value in _sent(form)],
    }


def _sent(form: AllForm) -> list[tuple[str, str]]:
    return [(name, form.data[form.add_prefix(name)]) for name in form.fields if form.add_prefix(name) in form.data]


def _page(request, people: People, place: str, *, number=None, forms=None, all_form=None, asked=None):
    batch, subject = people.batch, ChoiceSubject(people.subject)
    found = Paginator(people.at(place), PEOPLE).get_page(number or request.GET.get("page"))
    may_choose = is_open(batch)
    lines = []
    for person in people.shown(list(found.object_list)):
        form = (forms or {}).get(person.listed.uid) or _form(people, person.listed, labels=person.labels)
        lines.append(
            {
                "person": person,
                "form": form if may_choose else None,
                "chosen": _chosen(people, person),
                "version": person.choice.version if person.choice else 0,
            }
        )
    if may_choose and all_form is None:
        all_form = AllForm(
            chooser=people.chooser, subject=subject, prefix="all", initial={"on": timezone.localdate().isoformat()}
        )
    return render(
        request,
        "imports/choose.html",
        {
            "batch": batch,
            "title": TITLES[subject],
            "hint": HINTS[subject],
            "told": told(batch),
            "is_transfer": subject == ChoiceSubject.TRANSFER,
            "lines": lines,
            "may_choose": may_choose,
            "all_form": all_form if may_choose and people.all else None,
            "asked": asked if may_choose else None,
            "number": found.number,
            "place": place,
            "places": [
                {
                    "label": name,
                    "number": number,
                    "url": _address(batch, subject, place=name),
                    "is_current": name == place,
                }
                for name, number in people.places()
            ],
            "has_many_places": len(people.places()) > MANY_PLACES,
            "everybody": {"number": len(people.all), "url": _address(batch, subject), "is_current": not place},
            "here": _address(batch, subject, place=place, page=found.number if found.number > 1 else None),
            "page_words": f"共 {found.paginator.count} 人，第 {found.start_index()}–{found.end_index()} 人",
            "pages": page_links(found, lambda number: _address(batch, subject, place=place, page=number)),
            "others": [
                {"title": TITLES[other], "url": _address(batch, other)}
                for other, name in COUNTED.items()
                if other != subject and batch.counts.get(name)
            ],
            "batch_url": reverse("import_batch", args=[batch.uid]),
        },
    )


def _chosen(people: People, person) -> str:
    """What was chosen, by whom and when."""
    choice = person.choice
    if choice is None:
        return ""
    option = people.chooser.option(people.subject, choice.choice)
    label = person.labels.get(choice.choice, option.label if option else choice.choice)
    details = "，".join(choice.details[name] for name in (option.fields if option else ()) if choice.details.get(name))
    at = timezone.localtime(choice.at)
    return f"{label}{f'（{details}）' if details else ''} · {choice.by.get_full_name()} {at:%Y-%m-%d %H:%M}"


def _form(people: People, person: Listed, data=None, *, labels=None) -> ChoiceForm:
    return ChoiceForm(
        data,
        chooser=people.chooser,
        subject=people.subject,
        labels=labels,
        prefix=person.uid,
        initial=first_values(people.choices.get(person.uid), person),
    )


def _part(request, people: People, place: str) -> list[Listed]:
    """The people of the page that was sent: those of the list whose forms came."""
    sent = {name.removesuffix("-choice") for name in request.POST if name.endswith("-choice")}
    return [each for each in people.at(place) if each.uid in sent]


def _alike(forms: dict[str, ChoiceForm]) -> list[list[tuple[str, ChoiceForm]]]:
    """The forms with the same choice and details together."""
    groups: dict[tuple, list] = {}
    for uid, form in forms.items():
        groups.setdefault((form.cleaned_data["choice"], *sorted(form.details().items())), []).append((uid, form))
    return list(groups.values())


def _version(request, uid: str) -> int:
    sent = request.POST.get(f"{uid}-version", "0")
    return int(sent) if sent.isdecimal() and len(sent) < 9 else 0


def _say(people: People, group: list[tuple[str, ChoiceForm]], error: ValidationError | Refused) -> None:
    """Put what is wrong at the fields of everybody of a group; what is said of one person at theirs alone."""
    titles = {each.uid: each.title for each in people.all}
    for uid, form in group:
        if hasattr(error, "error_dict"):
            form.say(error.message_dict)
            continue
        sentences = error.messages if isinstance(error, ValidationError) else [str(error)]
        own = [each for each in sentences if each.startswith(f"{titles.get(uid)}：")]
        for sentence in own or ([] if uid and len(group) > 1 and isinstance(error, ValidationError) else sentences):
            form.add_error(None, sentence)


def _address(batch: ImportBatch, subject, **params) -> str:
    return address("import_choices", batch.uid, str(ChoiceSubject(subject).value), **params)
