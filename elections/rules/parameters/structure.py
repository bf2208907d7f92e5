"""How many members, units and seats an organization may or must have: ORG-01 to ORG-27, EL-05, TERM-25.

「以上」 includes the number, 「超过」 does not; which of the two holds is said by the name (`…_least`, `…_above`,
`…_most`). Before the day of a regulation the same number is held against a past day as practice, never as law.
"""

from dataclasses import replace
from datetime import date

from elections.rules.dated import ALWAYS, Since
from elections.rules.parameters.entries import (
    AGENCY_REGULATION_NAME,
    BRANCH_REGULATION,
    BRANCH_REGULATION_NAME,
    ELECTION_REGULATION,
    ELECTION_REGULATION_NAME,
    PRACTICE_NAME,
    RURAL_REGULATION_NAME,
    STATE_OWNED_REGULATION_NAME,
    Confidence,
    Entry,
    Local,
    Parameter,
    Status,
)

# The month is read, the day is from memory.
RURAL_REGULATION = date(2018, 12, 28)
AGENCY_REGULATION = date(2019, 11, 29)
STATE_OWNED_REGULATION = date(2019, 12, 30)


def _since(day: date, entry: Entry) -> Since[Entry]:
    practice = {"document": PRACTICE_NAME, "article": "", "quote": "", "article_checked": True}
    before = replace(entry, status=Status.PRACTICE, confidence=Confidence.MEDIUM, **practice)
    return Since((ALWAYS, before), (day, entry))


def _branch(value: int, rule_id: str, article: str, **more) -> Since[Entry]:
    return _since(BRANCH_REGULATION, Entry(value, rule_id, BRANCH_REGULATION_NAME, article, **more))


def _practice(
    value: int, rule_id: str, status: Status = Status.PRACTICE, document: str = PRACTICE_NAME
) -> Since[Entry]:
    return Since((ALWAYS, Entry(value, rule_id, document, status=status, confidence=Confidence.MEDIUM)))


FULL_MEMBERS_LEAST = Parameter(
    "党支部正式党员下限", "名", _branch(3, "ORG-01", "第四条", see_also=("ORG-13", "ORG-15", "TERM-25"))
)
BELOW_THREE_MONTHS = Parameter(
    "正式党员不足3名保留期限",
    "个月",
    Since(
        (
            ALWAYS,
            Entry(6, "TERM-25", PRACTICE_NAME, status=Status.READ_SECOND_HAND, confidence=Confidence.LOW),
        )
    ),
    local=Local.LESS,
)
BRANCH_MEMBERS_MOST = Parameter("党支部党员上限", "名", _branch(50, "ORG-02", "第四条"))
JOINT_UNITS_MOST = Parameter("联合党支部单位上限", "个", _branch(5, "ORG-03", "第五条"))
JOINT_UNIT_FULL_MEMBERS_LEAST = Parameter(
    "单位应单独成立党支部的正式党员人数", "名", _branch(3, "ORG-03", "第五条", see_also=("ORG-01",))
)

AGENCY_GENERAL_BRANCH_LEAST = Parameter(
    "机关设立党总支的党员人数",
    "名",
    _since(AGENCY_REGULATION, Entry(50, "ORG-12", AGENCY_REGULATION_NAME, "第六条", quote="50人以上、100人以下")),
)
STATE_OWNED_GENERAL_BRANCH_LEAST = Parameter(
    "国有企业设立党总支的党员人数",
    "名",
    _since(
        STATE_OWNED_REGULATION,
        Entry(50, "ORG-25", STATE_OWNED_REGULATION_NAME, status=Status.MEMORY, confidence=Confidence.MEDIUM),
    ),
)
VILLAGE_GENERAL_BRANCH_ABOVE = Parameter(
    "村设立党总支的党员人数（超过）",
    "名",
    _since(RURAL_REGULATION, Entry(50, "ORG-16", RURAL_REGULATION_NAME, "第五条", quote="超过50人")),
)
OTHER_GENERAL_BRANCH_ABOVE = Parameter("其他单位设立党总支的党员人数（超过）", "名", _practice(50, "ORG-26"))

AGENCY_COMMITTEE_LEAST = Parameter(
    "机关设立党委的党员人数",
    "名",
    _since(AGENCY_REGULATION, Entry(100, "ORG-11", AGENCY_REGULATION_NAME, "第五条", quote="100人以上")),
)
STATE_OWNED_COMMITTEE_LEAST = Parameter(
    "国有企业设立党委的党员人数",
    "名",
    _since(STATE_OWNED_REGULATION, Entry(100, "ORG-20", STATE_OWNED_REGULATION_NAME, "第四条", quote="100人以上")),
)
VILLAGE_COMMITTEE_LEAST = Parameter(
    "村设立党委的党员人数",
    "名",
    _since(RURAL_REGULATION, Entry(100, "ORG-17", RURAL_REGULATION_NAME, "第五条", quote="100人以上")),
)
OTHER_COMMITTEE_LEAST = Parameter("其他单位设立党委的党员人数", "名", _practice(100, "ORG-27"))

DELEGATES_LEAST = Parameter(
    "可召开党员代表大会的党员人数",
    "名",
    _since(
        ELECTION_REGULATION,
        Entry(500, "EL-05", ELECTION_REGULATION_NAME, "第四条", quote="500名以上", see_also=("ORG-18",)),
    ),
)

_COMMITTEE_ARTICLE = {"article_checked": False}
COMMITTEE_FULL_MEMBERS_LEAST = Parameter(
    "应设支部委员会的正式党员人数",
    "名",
    _branch(7, "ORG-09", "第二十条", see_also=("ORG-10", "ORG-13"), **_COMMITTEE_ARTICLE),
)
BRANCH_SEATS_LEAST = Parameter("支部委员会委员下限", "名", _branch(3, "ORG-09", "第二十条", **_COMMITTEE_ARTICLE))
BRANCH_SEATS_MOST = Parameter("支部委员会委员上限", "名", _branch(7, "ORG-09", "第二十条", **_COMMITTEE_ARTICLE))
SMALL_BRANCH_SEATS_MOST = Parameter(
    "不设支部委员会的党支部书记、副书记人数上限", "名", _branch(2, "ORG-10", "第二十条", **_COMMITTEE_ARTICLE)
)


def _seats(title: str, value: int, rule_id: str = "ORG-23") -> Parameter:
    status = {"ORG-21": Status.MEMORY}.get(rule_id, Status.READ_SECOND_HAND)
    document = STATE_OWNED_REGULATION_NAME if rule_id == "ORG-21" else PRACTICE_NAME
    return Parameter(title, "名", _practice(value, rule_id, status, document))


GENERAL_BRANCH_SEATS_LEAST = _seats("党总支委员会委员下限", 5)
GENERAL_BRANCH_SEATS_USUAL = _seats("党总支委员会委员一般上限", 7)
GENERAL_BRANCH_SEATS_MOST = _seats("党总支委员会委员上限", 9)
COMMITTEE_SEATS_LEAST = _seats("基层党委委员下限", 5)
COMMITTEE_SEATS_USUAL = _seats("基层党委委员一般上限", 9)
COMMITTEE_SEATS_MOST = _seats("基层党委委员上限", 11)
STANDING_SEATS_LEAST = _seats("设常委会的基层党委委员下限", 15)
STANDING_SEATS_MOST = _seats("设常委会的基层党委委员上限", 21)
STATE_OWNED_SEATS_LEAST = _seats("国有企业党委委员下限", 5, "ORG-21")
STATE_OWNED_SEATS_USUAL = _seats("国有企业党委委员一般上限", 9, "ORG-21")
STATE_OWNED_SEATS_MOST = _seats("国有企业党委委员上限", 11, "ORG-21")
DISCIPLINE_SEATS_LEAST = _seats("机关纪委委员下限", 3)

_TOWNSHIP = {"article_checked": False, "confidence": Confidence.MEDIUM}
TOWNSHIP_SEATS_LEAST = Parameter(
    "乡镇党委委员一般下限",
    "名",
    _since(RURAL_REGULATION, Entry(7, "ORG-19", RURAL_REGULATION_NAME, "第六条", **_TOWNSHIP)),
)
TOWNSHIP_SEATS_MOST = Parameter(
    "乡镇党委委员一般上限",
    "名",
    _since(RURAL_REGULATION, Entry(9, "ORG-19", RURAL_REGULATION_NAME, "第六条", **_TOWNSHIP)),
)

SECRETARIES_MOST = Parameter(
    "一个班子的书记人数上限",
    "名",
    _since(
        ELECTION_REGULATION,
        Entry(1, "CAND-06", ELECTION_REGULATION_NAME, "第二十四条", see_also=("CAND-07", "ORG-10")),
    ),
)
SECRETARY_PARTY_AGE_YEARS = Parameter(
    "党支部书记党龄下限",
    "年",
    _since(
        BRANCH_REGULATION,
        Entry(
            1,
            "CAND-08",
            BRANCH_REGULATION_NAME,
            "第二十三条",
            status=Status.READ_SECOND_HAND,
            confidence=Confidence.MEDIUM,
            article_checked=False,
            see_also=("PM-06",),
        ),
    ),
)
