"""The base of every page of the admin: rows by the user's Grants, writing by our services, rows named by uid.

`is_staff` opens the admin and `is_superuser` its menus; which rows appear and who
may change them follows from Grants alone. Nothing is deleted here, Django's own
permissions and its log are not used: rights are Grants, history is the AuditEvent.
"""

import uuid

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse

from orgs.admin.forms import ServiceForm, UidChoiceField, UidMultipleChoiceField, UidSelect, UidSelectMultiple
from orgs.admin.history import history_of
from orgs.scoping import NOT_ALLOWED, NOT_FOUND
from orgs.services.records import StaleRecord

CHOICES_PER_PAGE = 20
DUPLICATE = "与已有记录重复，请刷新后核对。"


class UidChangeList(ChangeList):
    """A list whose links name rows by uid."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.pk_attname = "uid"
        self.title = f"{self.opts.verbose_name}列表"


class Scoped:
    """Rights from Grants, for a page or an inline of one model that stands at an organization."""

    # The site takes in no page without it.
    is_scoped = True

    @property
    def rows(self):
        """All rows of the model, not yet scoped."""
        return self.model._default_manager.all()

    def allowed_paths(self, request, action) -> tuple[str, ...]:
        """The subtrees in which the user may do `action`; none for a visitor."""
        return request.user.paths_allowing(action) if request.user.is_authenticated else ()

    def get_queryset(self, request):
        rows = self.rows.visible_to(request.user) if request.user.is_authenticated else self.rows.none()
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    def has_module_permission(self, request):
        return request.user.is_authenticated and (
            request.user.is_superuser or bool(self.allowed_paths(request, self.rows.read_action))
        )

    def has_view_permission(self, request, obj=None):
        if obj is None or not self.has_module_permission(request):
            return self.has_module_permission(request)
        return self.rows.visible_to(request.user).filter(pk=obj.pk).exists()

    def has_add_permission(self, request, obj=None):
        return bool(self.allowed_paths(request, self.rows.edit_action))

    def has_change_permission(self, request, obj=None):
        if obj is None:
            return bool(self.allowed_paths(request, self.rows.edit_action))
        return self.rows.editable_by(request.user).filter(pk=obj.pk).exists()

    def has_delete_permission(self, request, obj=None):
        return False


class ScopedAdmin(Scoped, admin.ModelAdmin):
    """One model in the admin.

    A subclass names `fieldsets` (its form) and `shown_fieldsets` (for who may only
    look), its `list_filter` from `orgs.admin.filters`, and writes by `create` and
    `change`, which call services. `choice_fields` are foreign keys chosen by typing.
    """

    form = ServiceForm
    add_fieldsets = None
    shown_fieldsets = ()
    choice_fields = ()
    actions = None
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 50
    view_on_site = False
    object_history_template = "admin/object_history.html"

    # ---- Rows -------------------------------------------------------------------------------------------------------

    def get_changelist(self, request, **kwargs):
        return UidChangeList

    def get_object(self, request, object_id, from_field=None):
        """The row with the uid `object_id`; Http404 when there is none or it lies outside the user's scope."""
        found = self.get_queryset(request).filter(uid=_uid(object_id)).first()
        if found is None:
            raise Http404(NOT_FOUND)
        return found

    def lookup_allowed(self, lookup, value, request=None):
        """Only the parameters of the list's own filters: a relation spelled in the address could probe foreign rows."""
        return lookup in {each.parameter_name for each in self.get_list_filter(request)}

    # ---- Forms ------------------------------------------------------------------------------------------------------

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return self.add_fieldsets or self.fieldsets
        if not self.has_change_permission(request, obj):
            return self.shown_fieldsets
        return self.fieldsets

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        # Set when a service refused the first attempt; the class was made for this request alone.
        form.refusal = getattr(request, "refusal", None)
        return form

    def get_changeform_initial_data(self, request):
        """Only foreign keys by uid may come with the address, and only rows the form offers are taken."""
        return {name: request.GET[name] for name in self.choice_fields if name in request.GET}

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name in self.choice_fields:
            return self.choice_field(db_field.name, request)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def foreign_key(self, name: str):
        """The relation behind the field `name` of the form."""
        return self.model._meta.get_field(name)

    def choice_field(self, name: str, request):
        """The form field for the relation `name`: chosen by typing, among `choices_for`."""
        key = self.foreign_key(name)
        field, widget = (UidMultipleChoiceField, UidSelectMultiple) if key.many_to_many else (UidChoiceField, UidSelect)
        return field(
            queryset=self.choices_for(name, request),
            widget=widget(key, self.admin_site, address=reverse(self.url_name("choices"), args=[name])),
            label=key.verbose_name,
            required=not key.blank,
            help_text=key.help_text,
        )

    def choices_for(self, name: str, request):
        """The rows that may be chosen for the foreign key `name`: those where the user may change this model."""
        related = self.foreign_key(name).remote_field.model
        return related._default_manager.allowing(request.user, self.rows.edit_action)

    # ---- Writing ----------------------------------------------------------------------------------------------------

    def create(self, request, form):
        """Write what the valid form says by a service and return the new record."""
        raise NotImplementedError

    def change(self, request, record, form) -> None:
        """Write what changed in the valid form by a service; `record` is fresh from the database and locked."""
        raise NotImplementedError

    def save_model(self, request, obj, form, change):
        if change:
            record = self.rows.select_for_update(of=("self",)).get(pk=obj.pk)
            seen = form.cleaned_data.get("seen_version")
            if seen is not None and record.version != seen:
                raise StaleRecord(_now_stored(record, form))
            self.change(request, record, form)
        else:
            obj.pk = self.create(request, form).pk
        obj.refresh_from_db()

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """The form; what a service refuses is shown in it, with nothing written (409 for a stale form)."""
        status = 200
        extra_context = {"title": self.title_of_form(request, object_id), **(extra_context or {})}
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ValidationError as refusal:
            request.refusal = refusal
        except StaleRecord as stale:
            request.refusal, status = ValidationError(str(stale)), 409
        except IntegrityError:
            request.refusal = ValidationError(DUPLICATE)
        response = super().changeform_view(request, object_id, form_url, extra_context)
        response.status_code = status
        return response

    def title_of_form(self, request, object_id) -> str:
        """What the form does, as the heading says it."""
        if object_id is None:
            return f"新增{self.opts.verbose_name}"
        obj = self.get_object(request, unquote(object_id))
        return f"{'修改' if self.has_change_permission(request, obj) else '查看'}{self.opts.verbose_name}"

    def construct_change_message(self, request, form, formsets, add=False):
        """Nothing, since nothing is logged by the admin."""
        return []

    def log_addition(self, request, obj, message):
        """Nothing: the service has written the AuditEvent, and a second log would have no scope."""

    def log_change(self, request, obj, message):
        """Nothing, as `log_addition`."""

    def response_add(self, request, obj, post_url_continue=None):
        self.message_user(request, f"已新增{self.opts.verbose_name}“{obj}”。", messages.SUCCESS)
        return self.after_saving(request, obj)

    def response_change(self, request, obj):
        self.message_user(request, f"已保存{self.opts.verbose_name}“{obj}”。", messages.SUCCESS)
        return self.after_saving(request, obj)

    def after_saving(self, request, obj):
        """Where the pressed button leads."""
        if "_addanother" in request.POST:
            return HttpResponseRedirect(reverse(self.url_name("add")))
        if "_continue" in request.POST:
            return HttpResponseRedirect(reverse(self.url_name("change"), args=[obj.uid]))
        return self.response_post_save_change(request, obj)

    # ---- Further pages ----------------------------------------------------------------------------------------------

    def url_name(self, page: str) -> str:
        """The name of one of this model's pages: changelist, add, change, history, choices …"""
        return f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}"

    def get_urls(self):
        wrap = self.admin_site.admin_view
        name = self.url_name("choices").removeprefix("admin:")
        return [path("choices/<slug:field>/", wrap(self.choices_view), name=name), *super().get_urls()]

    def choices_view(self, request, field):
        """What a field chosen by typing offers for `?term=`: the rows that its form would accept, and no others."""
        if field not in self.choice_fields:
            raise Http404(NOT_FOUND)
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied(NOT_ALLOWED)
        related = self.admin_site.get_model_admin(self.foreign_key(field).remote_field.model)
        term = request.GET.get("term", "").replace("\x00", "")
        found, _ = related.get_search_results(request, self.choices_for(field, request), term)
        page = self.get_paginator(request, found, CHOICES_PER_PAGE).get_page(request.GET.get("page"))
        return JsonResponse(
            {
                "results": [{"id": str(each.uid), "text": str(each)} for each in page],
                "pagination": {"more": page.has_next()},
            }
        )

    def history_view(self, request, object_id, extra_context=None):
        """What was done to the row, from the audit log; sealed values are named, never shown."""
        obj = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, obj):
            raise PermissionDenied(NOT_ALLOWED)
        history = history_of(obj, user=request.user)
        page = self.get_paginator(request, history, self.list_per_page).get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),
            "title": f"变更记录：{obj}",
            "object": obj,
            "opts": self.opts,
            "module_name": self.opts.verbose_name_plural,
            "page": page,
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, self.object_history_template, context)


def yes_no(name: str, description: str):
    """A column that tells a yes or no in words; Django's own icons speak English to a screen reader."""

    @admin.display(description=description)
    def told(row):
        return {True: "是", False: "否"}.get(getattr(row, name), "—")

    told.__name__ = f"{name}_told"
    return told


def _uid(text) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return None


def _now_stored(record, form) -> str:
    """The sentence of a stale form: what the fields that this user changed hold by now."""
    stored = []
    for name in form.changed_data:
        if name in form.fields and hasattr(record, name):
            value = getattr(record, f"get_{name}_display", lambda name=name: getattr(record, name))()
            stored.append(f"{form.fields[name].label}：{'（空）' if value in (None, '') else value}")
    found = "；".join(stored) or "没有与您所改相同的项目"
    return f"“{record}”在您打开本页之后已被他人修改，您的修改没有保存。当前内容——{found}。请重新打开本页后再改。"
