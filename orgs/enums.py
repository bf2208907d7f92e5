"""The words of the trade as closed lists: code in English, label in Chinese, no Django.

The rules (`elections/rules`) and the models use the same members, so a value
cannot mean one thing to the law and another to the database.
"""

import enum


class Labeled(enum.StrEnum):
    """A string enumeration whose members carry a Chinese label: `NAME = "code", "标签"`."""

    def __new__(cls, value: str, label: str):
        member = str.__new__(cls, value)
        member._value_ = value
        member._label = label
        return member

    @property
    def label(self) -> str:
        """The Chinese word shown on screens and in files."""
        return self._label

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """`[(code, label), …]` in the order of definition, for a Django field."""
        return [(member.value, member.label) for member in cls]

    @classmethod
    def from_label(cls, label: str):
        """The member with exactly this label; ValueError when there is none."""
        for member in cls:
            if member.label == label:
                return member
        raise ValueError(label)


class Kind(Labeled):
    """What an organization is (组织类别)."""

    LOCAL_COMMITTEE = "local_committee", "地方党委"
    WORKING_COMMITTEE = "working_committee", "党工委"
    COMMITTEE = "committee", "党委"
    GENERAL_BRANCH = "general_branch", "党总支"
    BRANCH = "branch", "党支部"


class Form(Labeled):
    """How an organization is formed (组织形式); all but ORDINARY and FUNCTIONAL are for branches only."""

    ORDINARY = "ordinary", "普通"
    JOINT = "joint", "联合"
    TEMPORARY = "temporary", "临时"
    MOBILE = "mobile", "流动"
    FUNCTIONAL = "functional", "功能型"


class UnitType(Labeled):
    """What the unit (单位) behind an organization is; decides the length of the term."""

    VILLAGE = "village", "村"
    COMMUNITY = "community", "社区"
    TOWNSHIP = "township", "乡镇"
    SUBDISTRICT_OFFICE = "subdistrict_office", "街道机关"
    AGENCY = "agency", "机关"
    INSTITUTION = "institution", "事业单位"
    SCHOOL = "school", "中小学"
    UNIVERSITY = "university", "高校"
    HOSPITAL = "hospital", "医院"
    RESEARCH = "research", "科研院所"
    STATE_OWNED = "state_owned", "国有企业"
    PRIVATE = "private", "非公企业"
    SOCIAL = "social", "社会组织"
    COOPERATIVE = "cooperative", "合作社"
    OTHER = "other", "其他"


class Precision(Labeled):
    """How exactly a stored date is known."""

    DAY = "day", "日"
    MONTH = "month", "月"
    YEAR = "year", "年"


class Body(Labeled):
    """Which elected body a term or a post belongs to (班子)."""

    COMMITTEE = "committee", "委员会"
    DISCIPLINE = "discipline", "纪律检查委员会"


class Seat(Labeled):
    """How the holder of a post came to it; only ELECTED counts as a seat."""

    ELECTED = "elected", "选举产生"
    CONCURRENT = "concurrent", "兼职委员"
    APPOINTED = "appointed", "指派"
    FIRST_SECRETARY = "first_secretary", "第一书记"


class Title(Labeled):
    """The work of a post (职务)."""

    SECRETARY = "secretary", "书记"
    DEPUTY_SECRETARY = "deputy_secretary", "副书记"
    ORGANIZATION = "organization", "组织委员"
    PUBLICITY = "publicity", "宣传委员"
    DISCIPLINE = "discipline", "纪检委员"
    UNITED_FRONT = "united_front", "统战委员"
    YOUTH = "youth", "青年委员"
    COMMITTEE_MEMBER = "committee_member", "委员"


class ElectionKind(Labeled):
    """Whether the whole committee or single seats are elected."""

    GENERAL = "general", "换届选举"
    BY_ELECTION = "by_election", "补选"


class SuccessionKind(Labeled):
    """How one organization came to go on in another."""

    ABSORBED = "absorbed", "吸收合并"
    MERGED = "merged", "新设合并"
    SPLIT = "split", "拆分"


class ElectionMethod(Labeled):
    """Which meeting elected (选举条例 第四条)."""

    MEMBERS = "members", "党员大会"
    DELEGATES = "delegates", "党员代表大会"


class ElectionStage(Labeled):
    """How far an election stands, in its smallest form."""

    PREPARING = "preparing", "筹备"
    DAY_SET = "day_set", "已定选举日"
    CLOSED = "closed", "已办结"
    OFFLINE = "offline", "线下完成"
    MERGED = "merged", "因合并终止"
    CONVERTED = "converted", "因改建终止"
    DISSOLVED = "dissolved", "因撤销终止"


class ExtensionKind(Labeled):
    """Why a term was extended: for one organization, or for all by a common order."""

    INDIVIDUAL = "individual", "个案批准"
    COMMON_ORDER = "common_order", "统一部署"


class ApprovalLevel(Labeled):
    """Who approved an extension; beyond SUPERIOR a document number lifts the cap of one year."""

    SUPERIOR = "superior", "上级党组织"
    HIGHER = "higher", "更高一级党组织"
    PROVINCE_CITY = "province_city", "省（市）统一部署"


class ScanKind(Labeled):
    """What a scanned paper is."""

    APPROVAL = "approval", "批复"
    EARLY = "early", "提前换届批复"
    OTHER = "other", "其他材料"


class State(Labeled):
    """The state of an organization on a day: exactly one each (design: ledger states)."""

    NOT_EXISTING = "not_existing", "已撤销/未成立"
    NO_TERM = "no_term", "不适用"
    AWAITING_FIRST = "awaiting_first", "待首次选举"
    IN_ELECTION = "in_election", "换届中"
    NO_DATA = "no_data", "无届次数据"
    OVERDUE = "overdue", "逾期未换届"
    EXTENDED = "extended", "经批准延期"
    DUE_SOON = "due_soon", "即将届满"
    IN_TERM = "in_term", "正常"


class Mark(Labeled):
    """A note beside the state that does not change it."""

    NEW = "new", "新建"
    STARTED = "started", "已启动"
    RESULT_MISSING = "result_missing", "结果待录"
    DAY_UNCERTAIN = "day_uncertain", "日待核"


class Sex(Labeled):
    """Sex as on the identity card."""

    MALE = "male", "男"
    FEMALE = "female", "女"


class MemberKind(Labeled):
    """Full or probationary."""

    FULL = "full", "正式党员"
    PROBATIONARY = "probationary", "预备党员"


class AffiliationKind(Labeled):
    """How a person belongs to an organization; only REGULAR is counted."""

    REGULAR = "regular", "组织关系"
    TEMPORARY = "temporary", "临时组织关系"
    INCOMING = "incoming", "流入"


class StandingKind(Labeled):
    """A dated fact that changes what a member may do or where they are."""

    SUSPENDED = "suspended", "中止党员权利"
    ON_PROBATION = "on_probation", "留党察看"
    FLOATING = "floating", "外出流动"
    LOST = "lost", "失联"
    STOPPED = "stopped", "停止党籍"


class Action(Labeled):
    """What a right allows."""

    READ = "read", "查看党组织与台账"
    READ_PEOPLE = "read_people", "查看党员"
    EDIT = "edit", "维护台账、导入名册"
    APPROVE = "approve", "审批"
    MANAGE_ACCOUNTS = "manage_accounts", "管理账号"
    MANAGE_GRANTS = "manage_grants", "管理授权"
    READ_AUDIT = "read_audit", "查看审计日志"


class Role(Labeled):
    """What a Grant makes of a user inside a subtree; its actions are in `ROLE_ACTIONS`."""

    APPROVER = "approver", "组织部审批"
    OPERATOR = "operator", "组织部经办"
    CLERK = "clerk", "街道（党工委）经办"
    BRANCH = "branch", "支部填报"
    VIEWER = "viewer", "只读"
    ACCOUNT_ADMIN = "account_admin", "系统管理员"
    GRANT_ADMIN = "grant_admin", "安全管理员"
    AUDITOR = "auditor", "审计员"


ROLE_ACTIONS: dict[Role, frozenset[Action]] = {
    Role.APPROVER: frozenset({Action.READ, Action.READ_PEOPLE, Action.EDIT, Action.APPROVE}),
    Role.OPERATOR: frozenset({Action.READ, Action.READ_PEOPLE, Action.EDIT}),
    Role.CLERK: frozenset({Action.READ, Action.READ_PEOPLE, Action.EDIT}),
    Role.BRANCH: frozenset({Action.READ, Action.READ_PEOPLE, Action.EDIT}),
    Role.VIEWER: frozenset({Action.READ, Action.READ_PEOPLE}),
    Role.ACCOUNT_ADMIN: frozenset({Action.READ, Action.MANAGE_ACCOUNTS}),
    Role.GRANT_ADMIN: frozenset({Action.READ, Action.MANAGE_GRANTS}),
    Role.AUDITOR: frozenset({Action.READ_AUDIT}),
}


class RosterKind(Labeled):
    """Which roster a file is (imports contract)."""

    ORGANIZATIONS = "organizations", "党组织台账"
    TERMS = "terms", "换届台账"
    MEMBERS = "members", "党员花名册"
    COMMITTEE = "committee", "班子成员名册"
    FLOATING = "floating", "流动党员台账"


class BatchState(Labeled):
    """How far an import stands.

    CHECKING: the file is stored and being read. UNCHECKED: reading it broke off for a reason that is not the file's;
    it may be checked again. FAILED: writing broke off; it may be confirmed again. UNDOING: what it wrote is being taken
    back, and still stands until that is done.
    """

    CHECKING = "checking", "正在核对"
    UNCHECKED = "unchecked", "核对中断"
    REJECTED = "rejected", "未受理"
    CHECKED = "checked", "待确认"
    APPLYING = "applying", "正在写入"
    APPLIED = "applied", "已导入"
    FAILED = "failed", "写入失败"
    UNDOING = "undoing", "正在撤销"
    UNDONE = "undone", "已撤销"
    EXPIRED = "expired", "已过期"


class ChoiceSubject(Labeled):
    """What a clerk decides on the preview of a roster."""

    MISSING = "missing", "在册而名册中没有的人"
    TRANSFER = "transfer", "划转"


class Timing(Labeled):
    """How a general election lay to the end of the term before it."""

    FIRST = "first", "首届"
    ON_TIME = "on_time", "按期"
    LATE = "late", "逾期"
    EARLY = "early", "提前"
    TOO_EARLY = "too_early", "提前超过上限"


class Severity(Labeled):
    """How much a problem weighs."""

    ERROR = "error", "错误"
    WARNING = "warning", "提醒"
    INFO = "info", "说明"
