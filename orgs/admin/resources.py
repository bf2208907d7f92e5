"""django-import-export behind our own base classes: a resource that sees and writes what its user may, by services.

Stock resources look rows up and write them without asking whose they are
(security.md §1); here the rows, the foreign keys and the right to change are the
user's, and every row is written by the service that the form of the admin calls.
"""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from import_export import fields, resources
from import_export.widgets import BooleanWidget, CharWidget, ForeignKeyWidget, Widget

from orgs.enums import Action, UnitType
from orgs.models import Organization, Unit, User
from orgs.scoping import NOT_ALLOWED
from orgs.services.accounts import change_user, create_user
from orgs.services.units import register_unit, update_unit

YES_NO = {"是": True, "否": False}


class LabelWidget(Widget):
    """A closed list, written by its Chinese words."""

    def __init__(self, enum):
        super().__init__()
        self.enum = enum

    def clean(self, value, row=None, **kwargs):
        try:
            return self.enum.from_label(value)
        except ValueError:
            words = "、".join(member.label for member in self.enum)
            raise ValueError(f"“{value}”不在可选范围内，请填写：{words}") from None

    def render(self, value, obj=None, **kwargs):
        return self.enum(value).label if value else ""


class YesNoWidget(BooleanWidget):
    """是, 否 or blank; `blank` is what a blank cell means."""

    def __init__(self, blank: bool | None = None):
        super().__init__()
        self.blank = blank

    def clean(self, value, row=None, **kwargs):
        try:
            return YES_NO[value] if value else self.blank
        except KeyError:
            raise ValueError(f"“{value}”不能识别，请填写是或否") from None

    def render(self, value, obj=None, **kwargs):
        return {True: "是", False: "否"}.get(value, "")


class ScopedOrganizationWidget(ForeignKeyWidget):
    """An organization by its 统一编码 (or its full name, where only one has it), among those the user may choose."""

    def __init__(self, action: Action):
        super().__init__(Organization, field="code")
        self.action = action
        # Set by the resource: a widget belongs to one user's import.
        self.user = None

    def get_queryset(self, value, row, *args, **kwargs):
        return Organization.objects.allowing(self.user, self.action)

    def clean(self, value, row=None, **kwargs):
        if not value:
            raise ValueError("未填写")
        choices = self.get_queryset(value, row)
        found = list(choices.filter(code=value)[:1]) or list(choices.filter(name=value)[:2])
        if not found:
            raise ValueError(f"没有找到“{value}”：它可能不存在，或者不在您的管理范围内")
        if len(found) > 1:
            raise ValueError(f"有多个党组织叫“{value}”，请改填统一编码")
        return found[0]

    def render(self, value, obj=None, **kwargs):
        return (value.code or value.name) if value else ""


class ScopedResource(resources.ModelResource):
    """The rows of one model for one user.

    A subclass declares its columns and writes by `create` and `change`; `find`
    names the row that a line of the table is about, within the user's own.
    """

    class Meta:
        skip_unchanged = True
        report_skipped = True
        skip_html_diff = True
        use_transactions = True
        # The preview compares what is stored with what would be.
        store_instance = True

    # Columns that a preview or an export must never show.
    secret_columns: frozenset[str] = frozenset()
    # What the template tells: lines of instructions, one example cell per column, {column: words to choose from}.
    instructions: tuple[str, ...] = ()
    example: tuple[str, ...] = ()
    drop_downs: dict[str, list[str]] = {}
    required_columns: frozenset[str] = frozenset()

    def __init__(self, *, user, **kwargs):
        super().__init__(**kwargs)
        self.user = user
        for field in self.fields.values():
            if hasattr(field.widget, "user"):
                field.widget.user = user

    @classmethod
    def columns(cls) -> list:
        """The fields in the order of Meta.fields."""
        return [cls.fields[name] for name in cls._meta.fields]

    def get_export_order(self):
        return tuple(name for name in self._meta.fields if self.fields[name].column_name not in self.secret_columns)

    def get_queryset(self):
        return self._meta.model._default_manager.visible_to(self.user)

    def get_instance(self, instance_loader, row):
        return self.find(row)

    def find(self, row):
        """The user's row that this line is about, or None for a new one."""
        raise NotImplementedError

    def after_init_instance(self, instance, new, row, **kwargs):
        """Refuse a row that the user sees but may not change."""
        model = self._meta.model
        if not new and not model._default_manager.editable_by(self.user).filter(pk=instance.pk).exists():
            raise ValidationError(NOT_ALLOWED)

    def save_instance(self, instance, is_create, row, **kwargs):
        try:
            if is_create:
                self.create(instance, row, dry_run=kwargs["dry_run"])
            else:
                stored = self.get_queryset().get(pk=instance.pk)
                changes = {
                    name: getattr(instance, name)
                    for name in self.written
                    if getattr(instance, name) != getattr(stored, name)
                }
                self.change(stored, changes)
        except PermissionDenied as refusal:
            raise ValidationError(str(refusal) or NOT_ALLOWED) from None

    @property
    def written(self) -> list[str]:
        """The columns of the model that a table may change."""
        return [field.attribute for field in self.fields.values() if field.attribute and not field.readonly]

    def create(self, instance, row, *, dry_run: bool) -> None:
        """Write a new row by its service."""
        raise NotImplementedError

    def change(self, stored, changes: dict) -> None:
        """Write the changed columns of a row by its service."""
        raise NotImplementedError

    def after_import(self, dataset, result, **kwargs):
        """Leave the sequences alone: setting them while others write would give a key twice."""


class UnitResource(ScopedResource):
    """Units (单位): looked up by 统一社会信用代码, without one by name and keeper."""

    name = fields.Field("name", "单位名称", widget=CharWidget())
    credit_code = fields.Field("credit_code", "统一社会信用代码", widget=CharWidget())
    unit_type = fields.Field("unit_type", "单位类别", widget=LabelWidget(UnitType))
    is_large = fields.Field("is_large", "是否大中型企业", widget=YesNoWidget())
    keeper = fields.Field("keeper", "登记单位的党组织", widget=ScopedOrganizationWidget(Action.EDIT))

    instructions = (
        "“登记单位的党组织”填统一编码；没有编码的填全称。",
        "已登记的单位按统一社会信用代码查找；没有代码的按单位名称和登记的党组织查找，找到的按本表修改。",
    )
    example = ("云岭虚构制造有限公司", "", "非公企业", "否", "YL01")
    drop_downs = {"单位类别": [member.label for member in UnitType], "是否大中型企业": list(YES_NO)}
    required_columns = frozenset({"单位名称", "单位类别", "登记单位的党组织"})

    class Meta(ScopedResource.Meta):
        model = Unit
        fields = ("name", "credit_code", "unit_type", "is_large", "keeper")
        import_id_fields = ("name",)

    def find(self, row):
        code = row["统一社会信用代码"]
        if code:
            return self.get_queryset().filter(credit_code=code).first()
        try:
            keeper = self.fields["keeper"].clean(row)
        except ValueError:
            return None
        return self.get_queryset().filter(name=row["单位名称"], keeper=keeper).first()

    def create(self, instance, row, *, dry_run):
        register_unit(
            keeper=instance.keeper,
            name=instance.name,
            unit_type=instance.unit_type,
            credit_code=instance.credit_code,
            is_large=instance.is_large,
            by=self.user,
        )

    def change(self, stored, changes):
        update_unit(stored, by=self.user, **changes)


class UserResource(ScopedResource):
    """Accounts: looked up by user name; a new one gets the initial password of its line."""

    username = fields.Field("username", "用户名", widget=CharWidget())
    name = fields.Field("name", "姓名", widget=CharWidget())
    organization = fields.Field("organization", "所在党组织", widget=ScopedOrganizationWidget(Action.MANAGE_ACCOUNTS))
    is_staff = fields.Field("is_staff", "可进入管理后台", widget=YesNoWidget(blank=False))
    password = fields.Field(None, "初始密码")

    secret_columns = frozenset({"初始密码"})
    instructions = (
        "“所在党组织”填统一编码；没有编码的填全称。账号的权限由安全管理员另行授予。",
        "初始密码至少 10 位，不能只有数字；本人首次登录时须修改。已有账号的这一列不起作用。",
    )
    example = ("chenxiaoyan", "陈晓燕", "YL01", "否", "")
    drop_downs = {"可进入管理后台": list(YES_NO)}
    required_columns = frozenset({"用户名", "姓名", "所在党组织"})

    class Meta(ScopedResource.Meta):
        model = User
        fields = ("username", "name", "organization", "is_staff", "password")
        import_id_fields = ("username",)

    def find(self, row):
        return self.get_queryset().filter(username=row["用户名"]).first()

    def create(self, instance, row, *, dry_run):
        password = row["初始密码"]
        if dry_run:
            # As the service will check, without its slow hash.
            instance.full_clean(exclude=["password"])
            try:
                validate_password(password, instance)
            except ValidationError as error:
                raise ValidationError({"password": error.messages}) from None
            return
        create_user(
            username=instance.username,
            name=instance.name,
            organization=instance.organization,
            is_staff=instance.is_staff,
            password=password,
            by=self.user,
        )

    def change(self, stored, changes):
        change_user(stored, by=self.user, **changes)
