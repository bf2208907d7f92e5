"""党组织台账: organizations with their place in the tree, current term, declared numbers and secretary."""

from functools import partial

from elections.imports import closings, organization_export, terms, writing
from elections.imports.books import Books
from elections.imports.declared import declared_numbers
from elections.imports.nodes import Node, Nodes, pk_of
from elections.imports.proposals import proposed_form, proposed_kind, proposed_unit_type
from elections.law import law_for
from elections.rules.state import has_no_term
from orgs.enums import Form, Kind, RosterKind, UnitType
from orgs.importing.cleaned import BLANK, BLANK_WORDS, Cleaned, text_of
from orgs.importing.codes import Code
from orgs.importing.dates import Dated, clean_date, dated
from orgs.importing.directory import Directory, Place
from orgs.importing.roster import Column, Roster, limited, written
from orgs.importing.rows import Missing, RosterRow, Scope, Step, report_future
from orgs.importing.values import clean_integer, clean_name, clean_phone, clean_text, clean_words
from orgs.importing.words import FORM, ORGANIZATION_KIND, UNIT_TYPE, clean_word
from orgs.models import Organization
from orgs.tree import BRANCH_FORMS, fits

LONGEST_TERM = 10
clean_known_day = partial(clean_date, year=Code.DATE_YEAR_ONLY_MEMBER)


def clean_secretary(cell) -> Cleaned:
    """A person's name; a vacant post (空缺) is a blank cell."""
    return BLANK if cell is None or text_of(cell) in BLANK_WORDS else clean_name(cell)


class OrganizationRoster(Roster):
    """党组织台账: one row per organization, in any order; the tree by code or by name."""

    roster_kind = RosterKind.ORGANIZATIONS
    needed = (
        frozenset({"org_name", "org_code"}),
        frozenset({"kind", "parent_code", "parent_name", "elected", "expires", "founded", "unit", "formal"}),
    )

    org_code = Column(
        "党组织编码",
        "党组织代码 党组织唯一标识 编号 组织编码 编码",
        clean=limited(clean_words, 40),
        sample="YL0101",
        hint="全表统一填写或统一不填",
    )
    org_name = Column(
        "党组织名称",
        "党组织全称 名称 组织名称 党支部名称 支部委员会名称 班子名称 支部名称 党支部 单位(党组织)",
        clean=limited(clean_words, 120),
        is_required=True,
        sample="中共虚构社区第一支部委员会",
        hint="填全称",
    )
    org_short = Column("党组织简称", "简称", clean=limited(clean_words, 60), sample="虚构社区第一党支部")
    parent_code = Column(
        "上级党组织编码",
        "上一级党组织唯一标识 上级党组织代码 所属分党委编码 上级编码",
        clean=clean_words,
        sample="YL01",
        hint="与上级党组织名称填一项即可",
    )
    parent_name = Column(
        "上级党组织名称",
        "上级党组织 上一级党组织 批准成立的上级党组织全称 所属分党委 二级党委名称 二级党组织名称 隶属党组织",
        clean=clean_words,
        sample="虚构街道党工委",
    )
    kind = Column(
        "组织类别",
        "党组织类别 党组织类型 类型 支部类别 党总支类别",
        clean=partial(clean_word, words=ORGANIZATION_KIND, code=Code.ORG_KIND_UNKNOWN),
        sample="党支部",
        choices=ORGANIZATION_KIND.choices,
    )
    form = Column(
        "组织形式",
        "党支部形式 支部形式",
        clean=partial(clean_word, words=FORM),
        choices=FORM.choices,
        hint="普通党组织可以不填",
    )
    unit = Column(
        "所在单位类别",
        "所在单位属性 单位类别 党组织所在单位情况 领域",
        clean=partial(clean_word, words=UNIT_TYPE),
        sample="社区",
        choices=UNIT_TYPE.choices,
        hint="决定任期年限；不填时按名称建议",
    )
    founded = Column("成立日期", "成立时间 批准成立日期 建立时间", clean=clean_known_day, sample="2010-05-20")
    closed = Column("撤销日期", "撤销时间", clean=clean_date, hint="从这一天起不再存在")
    term_no = Column("届次", "班子届次 领导班子届数 第几届", clean=partial(clean_integer, least=1, most=99), sample="3")
    elected = Column(
        "换届日期",
        "换届时间 实际换届时间 当选日期 任命时间 上届换届时间 本届选举日期 选举时间 最近一次换届时间 上次换届时间",
        clean=clean_date,
        sample="2023-06-15",
        hint="本届当选日期，填写到日",
    )
    term_years = Column(
        "任期(年)",
        "任期 本届任期 任职年限",
        clean=partial(clean_integer, code=Code.TERM_YEARS_BAD, least=1, most=LONGEST_TERM),
        sample="5",
    )
    expires = Column(
        "届满日期",
        "本届届满日期 任届期满日期 任期届满时间 应换届时间 规定换届日期 届满时间 到届时间",
        clean=clean_date,
        sample="2028-06-15",
        hint="不填时按规定推算",
    )
    document_no = Column(
        "换届批复文号", "批复文号 换届文号", clean=limited(clean_text, 60), hint="届满日期与规定不同时填写"
    )
    secretary = Column("书记", "党组织书记 支部书记 党支部书记 书记姓名", clean=clean_secretary, sample="张三")
    members = Column(
        "党员总数",
        "党组织党员人数 党员人数 党员数",
        clean=clean_integer,
        hint="正式党员与预备党员之和；只填总数时不导入",
    )
    formal = Column("正式党员数", "正式党员人数 正式党员", clean=clean_integer, sample="12")
    probationary = Column("预备党员数", "预备党员人数 预备党员", clean=clean_integer, sample="1")
    contact = Column("联系人", clean=limited(clean_words, 40), sample="李四")
    phone = Column("联系电话", "电话 联系方式", clean=limited(clean_phone, 40), sample="0100-1234567")
    remark = Column("备注", clean=limited(clean_text, 200))

    def examine(self, rows: list[RosterRow], scope: Scope) -> list[Missing]:
        """Every organization: who it is, where it stands, what its row changes."""
        directory = Directory(user=scope.user, organization=scope.organization)
        self.nodes = Nodes(rows, directory, scope)
        known = {node.place.pk for node in self.nodes.all if node.place}
        self.books = Books(known, scope.on, law_for(scope.organization))
        for node in self.nodes.all:
            self._decide_kind(node)
        closings.check(self.nodes.all, self.nodes.by_place, directory)
        for node in self.nodes.all:
            self._check_level(node, directory)
            self._check_days(node, scope)
            self._compare(node, directory, scope)
            terms.plan(node, self.books, scope)
            self._compare_people(node)
        self._hold_back()
        for node in self.nodes.all:
            node.row.target = node
            node.row.step = Step.NEW if node.place is None else Step.CHANGED if node.row.changes else Step.UNCHANGED
            before = node.place.parent_id if node.moves else None
            touched = {node.place.pk if node.place else None, pk_of(node.parent), before}
            node.row.organizations = tuple(sorted(touched - {None}))
        return []

    def write(self, rows: list[RosterRow], scope: Scope, writer) -> None:
        """Tree first, parents before children; then terms, declared numbers and secretaries."""
        good = set(map(id, rows))
        writing.write([node for node in self.nodes.by_depth() if id(node.row) in good], self.books, scope, writer)

    def after_undo(self, organizations: list[int]) -> None:
        """Which term sits follows from the terms that are left."""
        writing.refresh(organizations)

    def export_records(self, scope: Scope, *, unmasked: bool = False):
        """The organizations of the scope on its day, each with the term that sat, the numbers and the secretary."""
        return organization_export.organization_records(scope)

    def _decide_kind(self, node: Node) -> None:
        """Kind, form and unit type: stated, as they are, or proposed from the name."""
        row, place = node.row, node.place
        stated = row.get("kind")
        known = place.kind if place else None
        node.kind = stated.kind if stated else known or proposed_kind(node.name) or ""
        if not node.kind and not row.shown("kind") and node.name:
            row.report(Code.ORG_KIND_UNKNOWN, "kind", choices="、".join(ORGANIZATION_KIND.choices))
        form = row.get("form") or (stated.form if stated else None)
        node.form = form or (place.form if place else proposed_form(node.name)) or Form.ORDINARY
        if node.form in BRANCH_FORMS and node.kind and node.kind != Kind.BRANCH:
            message = f"只有党支部可以是「{Form(node.form).label}」，请核对组织类别和组织形式。"
            row.report(Code.ORG_KIND_UNKNOWN, "form" if row.get("form") else "kind", message=message)
        node.unit_type = row.get("unit") or (place.unit_type if place else "")
        if (
            not node.unit_type
            and node.kind
            and not has_no_term(Kind(node.kind), Form(node.form), holds_affiliations=True)
        ):
            self._propose_unit(node)

    def _propose_unit(self, node: Node) -> None:
        proposed = proposed_unit_type(node.name)
        if proposed:
            node.unit_type = node.row.values["unit"] = proposed
            message = f"单位类别没有填写或无法识别，按名称建议为「{proposed.label}」，确认导入即采用，请核对。"
        else:
            message = "单位类别没有填写，从名称也无法判断，请补填。任期年限由它决定。"
        node.row.report(Code.ENUM_UNKNOWN, "unit", value=proposed.label if proposed else "", message=message)

    def _check_level(self, node: Node, directory: Directory) -> None:
        """What may stand under what, by what both will be."""
        if not node.kind or not node.row.is_good:
            return
        above = node.parent
        if above is None and node.place is not None:
            place = directory.places.get(node.place.parent_id)
            above = self.nodes.by_place.get(place.pk, place) if place else None
        if above is not None and above.kind and not fits(node.kind, above.kind):
            labels = {"kind": Kind(node.kind).label, "parent_kind": Kind(above.kind).label}
            node.row.report(Code.ORG_LEVEL_INVERSION, "kind", **labels)
        if node.place is not None and node.kind != node.place.kind:
            for child in directory.children_of(node.place):
                if child.pk not in self.nodes.by_place and not fits(child.kind, node.kind):
                    labels = {"kind": Kind(child.kind).label, "parent_kind": Kind(node.kind).label}
                    node.row.report(Code.ORG_LEVEL_INVERSION, "kind", **labels)
                    break

    def _check_days(self, node: Node, scope: Scope) -> None:
        founded, closed = node.row.get("founded"), node.row.get("closed")
        if founded and founded.day > scope.on:
            report_future(node.row, "founded", founded, scope.on)
        if founded and closed and closed.day <= founded.day:
            title = node.row.sheet.header.title("founded")
            words = {"relation": "早于或等于", "other": title, "other_value": str(founded)}
            node.row.report(Code.DATE_ORDER, "closed", value=str(closed), **words)

    def _compare(self, node: Node, directory: Directory, scope: Scope) -> None:
        """The columns of Organization itself: what a new one has, what changes of one on the books."""
        stated = stated_values(node)
        if node.place is None:
            node.values = stated
            return
        organization = self.books.organizations[node.place.pk]
        node.values = {name: value for name, value in stated.items() if getattr(organization, name) != value}
        for field, columns in SHOWN.items():
            if any(column in node.values for column in columns):
                new = node.values.get(columns[0], getattr(organization, columns[0]))
                node.row.changes[field] = (shown(organization, columns), label(field, new, node.row))
        if node.moves:
            before = directory.places.get(node.place.parent_id)
            above: Node | Place = node.parent
            node.row.changes["parent_name"] = (before.name if before else "", above.name)
        self._refuse_older_than_changes(node, organization, scope)

    def _refuse_older_than_changes(self, node: Node, organization: Organization, scope: Scope) -> None:
        """A value of before a recorded change is none of today: past days are read from changes in their order."""
        stated = {field for field in writing.DATED if field in node.values and getattr(organization, field)}
        for field in sorted(stated | ({"parent"} if node.moves else set())):
            if day := self.books.changed_later.get((organization.pk, field)):
                title = Organization._meta.get_field(field).verbose_name
                message = (
                    f"{title}已于{day}变更，名册日期{scope.on}早于那一天，不能据此再改；"
                    "请核对这一行，或者以那一天以后的名册日期重新上传。"
                )
                node.row.report(Code.DATE_ORDER, CELLS[field], message=message)

    def _compare_people(self, node: Node) -> None:
        """Declared numbers and the secretary's name."""
        row, key = node.row, node.place.pk if node.place else None
        if (numbers := declared_numbers(row)) is not None:
            known = self.books.declared.get(key)
            if known is None or (known.full, known.probationary) != numbers:
                node.declared = numbers
                if node.place is not None:
                    row.changes["formal"] = (str(known.full) if known else "", str(numbers[0]))
                    row.changes["probationary"] = (str(known.probationary) if known else "", str(numbers[1]))
        name, post = row.get("secretary"), self.books.secretaries.get(key)
        if name and (post is None or post.holder_name != name):
            node.secretary = name
            if node.place is not None:
                row.changes["secretary"] = (post.holder_name if post else "", name)

    def _hold_back(self) -> None:
        """What stands under a new organization in error waits for it."""
        for node in self.nodes.by_depth():
            above = node.parent
            if isinstance(above, Node) and above.place is None and not above.row.is_good and node.row.is_good:
                cell = "parent_name" if node.row.shown("parent_name") else "parent_code"
                node.row.report(Code.ORG_PARENT_BAD, cell, value=f"{above.name}（第{above.row.number}行）")


# Dated property → the field of the roster that states it.
CELLS = {"name": "org_name", "kind": "kind", "form": "form", "unit_type": "unit", "parent": "parent_name"}
# Canonical field → the columns of Organization that it fills.
SHOWN = {
    "org_code": ("code",),
    "org_name": ("name",),
    "org_short": ("short_name",),
    "kind": ("kind",),
    "form": ("form",),
    "unit": ("unit_type",),
    "founded": ("founded_on", "founded_on_precision"),
    "closed": ("closed_on",),
    "contact": ("contact_name",),
    "phone": ("contact_phone",),
    "remark": ("remark",),
}


def stated_values(node: Node) -> dict[str, object]:
    """{column of Organization: value} that the row states or that was decided for it; blank cells state nothing."""
    row = node.row
    values: dict[str, object] = {}
    for field, columns in SHOWN.items():
        value = row.get(field)
        if field in ("kind", "form", "unit"):
            value = {"kind": node.kind, "form": node.form, "unit": node.unit_type}[field] or None
        if isinstance(value, Dated):
            values[columns[0]] = value.day
            if len(columns) == 2:
                values[columns[1]] = value.precision.value
        elif value is not None:
            values[columns[0]] = str(value)
    return values


LABELS = {"kind": Kind, "form": Form, "unit": UnitType}


def label(field: str, value: object, row: RosterRow) -> str:
    """A new value in the words of a ledger."""
    return LABELS[field](value).label if field in LABELS and value else written(row.get(field))


def shown(organization, columns: tuple[str, ...]) -> str:
    """A value on the books in the words of a ledger."""
    value = getattr(organization, columns[0])
    if len(columns) == 2:
        return str(dated(value, getattr(organization, columns[1])) or "")
    if columns[0] in ("kind", "form", "unit_type"):
        return getattr(organization, f"get_{columns[0]}_display")() if value else ""
    return str(value) if value else ""
