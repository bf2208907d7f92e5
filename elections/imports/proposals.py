"""What an organization's name says about its kind, form and unit type, where the roster is silent. Pure.

A unit type is only proposed: the row carries a warning that shows it, and confirming the roster adopts it.
"""

import re

from orgs.enums import Form, Kind, UnitType
from orgs.importing.directory import name_key

_KINDS = (
    (r"(党支部|支部委员会|支部)$", Kind.BRANCH),
    (r"(党总支|总支部|总支部委员会|党总支部委员会|总支)$", Kind.GENERAL_BRANCH),
    (r"(党工委|工作委员会|工委)$", Kind.WORKING_COMMITTEE),
    (r"(?<![街道村居社镇乡校院司团局])(省委|市委|区委|县委|[省市区县]委员会)$", Kind.LOCAL_COMMITTEE),
    (r"(党委|委员会)$", Kind.COMMITTEE),
)
_FORMS = (
    (r"联合(党)?支部", Form.JOINT),
    (r"临时(党)?支部", Form.TEMPORARY),
    (r"流动(党员)?(党)?支部", Form.MOBILE),
    (r"功能型?(党)?支部|功能型", Form.FUNCTIONAL),
)
# The first word that fits; a place's own kind of unit stands before the place that it lies in.
_UNITS = (
    (r"医院|卫生院|卫生服务中心|卫生室", UnitType.HOSPITAL),
    (r"合作社", UnitType.COOPERATIVE),
    (r"协会|商会|学会|基金会|促进会|联合会|律师事务所|会计师事务所", UnitType.SOCIAL),
    (r"幼儿园|小学|中学|学校|职校|实验学校", UnitType.SCHOOL),
    (r"大学|学院", UnitType.UNIVERSITY),
    (r"研究院|研究所|科学院|设计院", UnitType.RESEARCH),
    (r"国有|国资|城投|供电|烟草", UnitType.STATE_OWNED),
    (r"公司|集团|企业|工厂|厂(?=(联合|临时|机关)?党|总支|支部)|酒店|商场|超市|物业", UnitType.PRIVATE),
    (r"社区|居委会|居民委员会", UnitType.COMMUNITY),
    (r"街道", UnitType.SUBDISTRICT_OFFICE),
    (r"村(?=第|联合|临时|流动|机关|党|总支|支部|委|$)|村民", UnitType.VILLAGE),
    (r"(镇|乡)(?=机关|党|委)|乡镇", UnitType.TOWNSHIP),
    (r"局(?=机关|党|委|第)|法院|检察院|政府|机关|办公室|税务|公安", UnitType.AGENCY),
    (r"中心|管理站|服务站|事务所|图书馆|文化馆|档案馆|博物馆", UnitType.INSTITUTION),
)


def proposed_kind(name: str) -> Kind | None:
    """The kind that the end of a name says; None when it says none."""
    key = name_key(name)
    return next((kind for pattern, kind in _KINDS if re.search(pattern, key)), None)


def proposed_form(name: str) -> Form:
    """The form that a branch's name says; ordinary when it says nothing."""
    key = name_key(name)
    return next((form for pattern, form in _FORMS if re.search(pattern, key)), Form.ORDINARY)


def proposed_unit_type(name: str) -> UnitType | None:
    """The unit type that a name suggests; None when it suggests none."""
    key = name_key(name)
    return next((unit for pattern, unit in _UNITS if re.search(pattern, key)), None)
