"""The Chinese sentence of a finding: made here, once, for screens, exports and papers alike."""

from datetime import date

from elections.rules.findings import Finding
from orgs.enums import Labeled

TITLES: dict[str, str] = {
    "APP-07": "班子成员空缺",
    "CAND-06": "书记多于一名",
    "CAND-08": "书记党龄不满一年",
    "EL-01": "班子成员组织关系待核",
    "EL-02": "预备党员任班子成员",
    "EL-05": "可召开党员代表大会",
    "ORG-02": "党支部党员超过上限",
    "ORG-03": "联合党支部单位待调整",
    "ORG-06": "临时党支部录有届次",
    "ORG-07": "待首次选举",
    "ORG-09": "支部委员会设置",
    "ORG-10": "不应设支部委员会",
    "ORG-11": "机关应设党委",
    "ORG-12": "机关可设党总支",
    "ORG-14": "未设机关纪委",
    "ORG-16": "村可设党总支",
    "ORG-17": "村可设党委",
    "ORG-19": "乡镇党委班子人数",
    "ORG-20": "国有企业应设党委",
    "ORG-21": "国有企业党委班子人数",
    "ORG-23": "班子人数",
    "ORG-24": "党工委录有届次",
    "ORG-25": "国有企业可设党总支",
    "ORG-26": "建议设党总支",
    "ORG-27": "建议设党委",
    "P-01": "长期未选举",
    "P-02": "届满后补批延期",
    "P-03": "合并后班子待调整",
    "P-04": "上报人数与名册不符",
    "P-05": "无党员数据",
    "P-06": "名册陈旧",
    "P-07": "日期待核",
    "P-08": "结果待录",
    "P-09": "班子未登记",
    "P-10": "任期与规定不符",
    "P-11": "单位类别未填",
    "P-12": "名称重复",
    "P-13": "任职日期矛盾",
    "P-14": "党员日期有误",
    "P-15": "一人多处组织关系",
    "P-16": "班子与花名册不符",
    "TERM-01": "任期超出党章规定",
    "TERM-12": "逾期与延期",
    "TERM-13": "提前换届",
    "TERM-15": "党支部届满提醒",
    "TERM-16": "党委、党总支届满提醒",
    "TERM-20": "超过一年未换届",
    "TERM-21": "再次延期",
    "TERM-24": "地方党委录有届次",
    "TERM-25": "正式党员不足三名",
}
"""{rule id: its short name}, for filters and columns."""

SENTENCES: dict[tuple[str, str], str] = {
    ("ORG-06", "term_recorded"): "临时党支部不进行换届，却录有届次或者正在进行的换届选举。",
    ("ORG-24", "term_recorded"): "党工委的领导班子由上级任命，不进行换届，却录有届次或者正在进行的换届选举。",
    ("TERM-24", "term_recorded"): "地方委员会按地方组织的规定换届，却在基层换届台账中录有届次或者换届选举。",
    ("ORG-07", "awaiting_first"): "自{since}起待首次选举，应及时召开党员大会选举产生班子。",
    ("P-01", "appointed"): "班子由上级指派已超过{months}个月（自{since}起），仍未选举，属长期未选举。",
    ("TERM-12", "overdue"): "任期于{ended_on}结束，逾期{days}天未换届{started}。",
    ("TERM-20", "inspection"): "{expired_on}届满，超过{years}年没有换届，按专项检查口径属未按期换届。",
    ("TERM-15", "due_soon"): "{expires_on}届满，已到届满前{months}个月，还有{days}天，应提醒启动换届。",
    ("TERM-16", "due_soon"): "{expires_on}届满，已到届满前{months}个月，还有{days}天，应及时提醒督促换届。",
    ("TERM-12", "unapproved"): "登记的延期（至{ends_on}）没有批复，不予认定。",
    ("TERM-12", "over_cap"): "批准延期至{ends_on}，超过延期上限{years}年，只认定到{last}。",
    ("TERM-12", "elected_late"): "上一届任期于{ended_on}结束，本届{elected_on}才选举产生，逾期{days}天换届。",
    ("TERM-21", "again"): "本届已批准延期{times}次，原则上只能延期{most}次。",
    ("P-02", "approved_late"): "{expired_on}届满，{approved_on}才批准延期，属届满后补批；批准以前为逾期。",
    ("P-02", "too_late"): "{expired_on}届满，{approved_on}才批准延期，已超过{years}年，补批不予认定。",
    ("TERM-13", "unapproved"): "上一届{expires_on}届满，本届{elected_on}提前选举，未见批准提前换届的批复。",
    ("TERM-13", "approved_late"): "本届{elected_on}提前选举，批准提前换届的批复（{approved_on}）不早于选举。",
    ("TERM-13", "too_early"): "上一届{expires_on}届满，本届{elected_on}选举，提前超过{years}年。",
    ("TERM-01", "outside"): "任期{years}年，超出党章规定的{least}至{most}年。",
    ("P-10", "years"): "录入的任期{stated}年与规定的{computed}年不一致，且没有批复文号。",
    ("P-10", "expiry"): "名册所列届满日期{stated}与推算的{computed}不一致，且没有批复文号，按推算日期认定。",
    ("P-07", "term"): "选举日期或者届满日期只精确到月，按当月最后一日计算，日待核。",
    ("P-07", "extension"): "延期至{ends_on}的批复没有日期，暂按届满前批准认定，日待核。",
    ("P-07", "early"): "批准提前换届的批复（{document_no}）没有日期，暂按选举前批准认定，日待核。",
    ("P-08", "result_missing"): "选举日已过，结果待录。",
    ("TERM-25", "below_three"): "正式党员{full}名，不足{least}名，暂不能选举{since}{until}。",
    ("TERM-25", "kept_too_long"): "正式党员{full}名，不足{least}名，暂不能选举{since}，已超过保留期限{months}个月。",
    ("ORG-02", "too_large"): "党员{total}名，党支部党员一般不超过{most}名。",
    ("ORG-03", "units"): "联合党支部涵盖{units}个单位，一般不超过{most}个。",
    ("ORG-03", "unit_large_enough"): "{unit}有正式党员{full}名，达到{least}名，应单独成立党支部。",
    ("EL-05", "delegates"): "党员{total}名，达到{threshold}名，经批准可召开党员代表大会。",
    (
        "ORG-09",
        "no_committee",
    ): "正式党员{full}名，达到{threshold}名，应设支部委员会；只登记选举产生的班子成员{seats}名。",
    ("ORG-09", "too_many"): "支部委员会登记委员{seats}名，一般不超过{most}名。",
    (
        "ORG-10",
        "committee",
    ): "正式党员{full}名，不足{threshold}名，应只设书记（必要时设副书记），现登记班子成员{seats}名。",
    ("ORG-14", "missing"): "机关党委应设立机关纪委，尚未登记。",
    ("ORG-23", "discipline_too_few"): "机关纪委登记委员{seats}名，不足{least}名。",
    ("APP-07", "secretary"): "书记空缺{since}。",
    ("APP-07", "seat"): "{title}自{since}起空缺。",
    ("CAND-06", "several"): "同时登记{holders}任书记，书记只能有{most}名。",
    ("CAND-08", "party_age"): "书记{holder}于{formal_on}转正，党龄不满{years}年。",
    ("EL-01", "secretary_elsewhere"): "书记{holder}的组织关系不在本组织。",
    ("EL-01", "unknown_person"): "班子成员{holder}不在党员名册中。",
    ("EL-01", "stopped"): "班子成员{holder}已停止党籍，停止期间不计入正式党员，应核对其职务。",
    ("EL-02", "probationary"): "{holder}是预备党员，没有选举权和被选举权，不能担任班子成员。",
    ("P-03", "merged"): "{merged_on}有党组织并入，班子待调整。",
    ("P-04", "differs"): "上报党员{declared}名{declared_on}，名册{counted}名，两者不符。",
    ("P-05", "unknown"): "没有完整的党员人数，未核对人数方面的规定。",
    ("P-06", "stale"): "党员名册最近于{roster_on}确认，已超过{months}个月。",
    ("P-09", "no_posts"): "本届班子成员没有登记。",
    ("P-11", "missing"): "单位类别未填，本届任期{years}年无法核对。",
    ("P-12", "same_name"): "同一上级党组织下另有{others}个党组织与本组织同名。",
    ("P-13", "before_founding"): "{holder}自{since}起任职，早于本组织成立日期{founded_on}。",
    ("P-13", "before_joining"): "{holder}自{since}起任职，早于其入党日期。",
    ("P-14", "days"): "有{people}名党员的出生、入党日期有误（入党时不满{age}周岁，或者出生日期不可能）。",
    ("P-15", "elsewhere"): "有{people}名党员同时在另一个党组织有组织关系。",
    ("P-16", "left"): "班子成员{holder}的组织关系已于{left_on}转出，仍登记在任。",
}

# Rules on another kind and on numbers of seats share their words.
_SIZE = "党员{total}名，达到{threshold}名，{duty}{kind}。"
_SIZE_ABOVE = "党员{total}名，超过{threshold}名，{duty}{kind}。"
_ABOVE = frozenset({"ORG-16", "ORG-26"})
_SEATS = {
    "too_few": "班子登记委员{seats}名，一般不少于{least}名。",
    "more_than_usual": "班子登记委员{seats}名，一般不超过{usual}名，最多{most}名。",
    "too_many": "班子登记委员{seats}名，最多{most}名。",
}

# Values that are a part of a sentence only when they are known.
_CLAUSES = {
    ("TERM-12", "started"): "（已启动换届选举）",
    ("TERM-25", "since"): "，自{value}起",
    ("TERM-25", "until"): "，保留期限至{value}",
    ("APP-07", "since"): "，自{value}起",
    ("P-04", "declared_on"): "（{value}）",
}
# What a sentence says instead where the value is not on the books and decides something.
_UNKNOWN = {("TERM-25", "since"): "（自何日起不足没有记录）"}


def sentence(finding: Finding) -> str:
    """The finding in one sentence, as an official would write it."""
    template = SENTENCES.get((finding.rule_id, finding.aspect)) or _shared(finding)
    values = {}
    for name, value in finding.inputs.items():
        clause = _CLAUSES.get((finding.rule_id, name)) if finding.aspect != "seat" else None
        if clause is not None:
            unknown = _UNKNOWN.get((finding.rule_id, name), "")
            values[name] = clause.format(value=_spoken(value)) if value else unknown
        else:
            values[name] = _spoken(value)
    return template.format(**values)


def _shared(finding: Finding) -> str:
    if finding.aspect == "size":
        return _SIZE_ABOVE if finding.rule_id in _ABOVE else _SIZE
    return _SEATS[finding.aspect]


def _spoken(value: object) -> str:
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, Labeled):
        return value.label
    if isinstance(value, tuple):
        return "、".join(_spoken(each) for each in value)
    return "" if value is None else str(value)
