"""换届台账: the terms of known organizations, with extension, early approval, 指派, open election, plan and reason."""

from functools import partial

from elections.imports import term_cases, term_checks, term_export, term_writing
from elections.imports.organizations import LONGEST_TERM
from elections.imports.term_books import TermBooks
from elections.law import law_for
from elections.services import terms as term_service
from orgs.enums import RosterKind
from orgs.importing.codes import Code
from orgs.importing.dates import clean_date
from orgs.importing.directory import Directory, resolve
from orgs.importing.roster import Column, Roster, limited
from orgs.importing.rows import Missing, RosterRow, Scope, Step
from orgs.importing.values import clean_integer, clean_text, clean_words
from orgs.importing.words import APPROVAL_LEVEL, BODY, ELECTION_KIND, YES_NO, clean_word

# Days without a precision of their own: what a month means is said where they are used.
clean_day = partial(clean_date, month=None)
# TERM-22: what is usually given as the reason of a delay; others may be written in.
REASONS = ("多数委员外出", "重大任务关键期", "先整顿后换届", "新建单位条件不成熟", "上级党组织决定")


class TermRoster(Roster):
    """换届台账: one row per term, several for an organization; the organizations are on the books already."""

    roster_kind = RosterKind.TERMS
    needed = (
        frozenset({"org_name", "org_code"}),
        frozenset(
            {"elected", "expires", "extension_until", "early_approved_on", "appointed_on", "election_opened_on"}
            | {"election_day", "planned_on", "reason"}
        ),
    )

    org_code = Column(
        "党组织编码",
        "党组织代码 党组织唯一标识 编号 组织编码 编码 所在党支部编码",
        clean=limited(clean_words, 40),
        sample="YL0101",
        hint="与党组织名称至少填一项",
    )
    org_name = Column(
        "党组织名称",
        "党组织全称 名称 组织名称 党支部名称 支部委员会名称 班子名称 支部名称 所在党组织 党组织 党支部 所在党支部 "
        "所属党支部 所在支部 所属支部 单位(党组织)",
        clean=limited(clean_words, 120),
        is_required=True,
        sample="中共虚构社区第一支部委员会",
        hint="填全称，须已在党组织台账中",
    )
    body = Column(
        "班子",
        "班子类别 班子类型",
        clean=partial(clean_word, words=BODY),
        choices=BODY.choices,
        hint="不填为委员会",
    )
    term_no = Column("届次", "班子届次 领导班子届数 第几届", clean=partial(clean_integer, least=1, most=99), sample="3")
    elected = Column(
        "换届日期",
        "换届时间 实际换届时间 当选日期 任命时间 上届换届时间 本届选举日期 选举时间 最近一次换届时间 上次换届时间",
        clean=clean_date,
        sample="2023-06-15",
        hint="该届当选日期，填写到日",
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
    term_document_no = Column(
        "换届批复文号", "换届文号 批复文号", clean=limited(clean_text, 60), hint="任期或届满日期与规定不同时填写"
    )
    extension_until = Column("延期至", "延期截止日期 延期换届至 批准延期至", clean=clean_day)
    extension_approved = Column(
        "是否批准延期", "延期是否批准 是否经批准延期", clean=partial(clean_word, words=YES_NO), choices=("是", "否")
    )
    extension_approved_on = Column("延期批复日期", "延期批复时间 延期批准日期 延期批准时间", clean=clean_day)
    extension_document_no = Column(
        "延期批复文号", "批准文号 延期文号 延期批准文号", clean=limited(clean_text, 60), hint="有文号即视为已批准"
    )
    extension_level = Column(
        "批准层级",
        "延期批准层级 延期批准机关层级",
        clean=partial(clean_word, words=APPROVAL_LEVEL),
        choices=APPROVAL_LEVEL.choices,
        hint="不填为上级党组织",
    )
    early_approved_on = Column("提前换届批复日期", "提前换届批复时间 提前换届批准日期", clean=clean_day)
    early_document_no = Column("提前换届批复文号", "提前换届文号 提前换届批准文号", clean=limited(clean_text, 60))
    appointed_on = Column("指派日期", "指派时间 班子指派日期", clean=clean_day)
    appointed_document_no = Column("指派文号", "指派批复文号", clean=limited(clean_text, 60))
    election_opened_on = Column(
        "提交换届请示时间",
        "提交换届请示日期 换届启动日期 换届启动时间 启动日期",
        clean=clean_day,
        hint="正在换届的填写，即本次选举的启动日期",
    )
    election_day = Column(
        "召开党员大会时间",
        "召开党员大会日期 党员大会时间 选举日 选举大会时间 召开选举大会时间",
        clean=clean_day,
        hint="本次选举的日期",
    )
    election_kind = Column(
        "选举类型",
        "选举类别",
        clean=partial(clean_word, words=ELECTION_KIND),
        choices=ELECTION_KIND.choices,
        hint="不填为换届",
    )
    planned_on = Column(
        "计划换届时间",
        "拟完成换届时间 拟完成时间 计划换届日期 拟换届时间",
        clean=clean_day,
        sample="2028-05",
        hint="可以只写到月",
    )
    reason = Column(
        "未换届原因",
        "延期理由 未按期换届原因 延期原因",
        clean=limited(clean_text, 200),
        choices=REASONS,
        hint="可以填写其他原因",
    )

    def examine(self, rows: list[RosterRow], scope: Scope) -> list[Missing]:
        """Row by row: the term that it means or adds; then the elections, which look at all terms of the file."""
        directory = Directory(user=scope.user, organization=scope.organization)
        places = {row: place for row in rows if (place := resolve(row, directory, scope.on)) is not None}
        self.books = TermBooks({place.pk for place in places.values()}, law_for(scope.organization))
        for row in rows:
            # Of a row whose organization is unknown too: all that is wrong is told at once.
            place = places.get(row)
            term_checks.check_days(row, self.books.organizations[place.pk] if place else None, scope.on)
            if place is not None and row.is_good:
                row.organizations = (place.pk,)
                term_checks.compare(row, place, self.books, scope)
        for row, place in places.items():
            if row.is_good:
                term_cases.compare(row, place.pk, self.books, scope)
                entry = row.target
                is_new = entry is not None and entry.is_new and entry.row is row
                row.step = Step.NEW if is_new else Step.CHANGED if row.changes else Step.UNCHANGED
        return []

    def write(self, rows: list[RosterRow], scope: Scope, writer) -> None:
        """Terms and extensions with what follows from them, appointments, elections."""
        term_writing.write(self.books, writer)

    def after_undo(self, organizations: list[int]) -> None:
        """Which term sits, and how far it is extended, follows from what is left."""
        term_service.refresh(organizations)

    def export_records(self, scope: Scope, *, unmasked: bool = False):
        """All terms elected by the day, earliest first, of the organizations of the scope that exist on it."""
        return term_export.term_records(scope)
