"""The tree of 云岭区: what stands under what, before any day and any person."""

from random import Random

from elections.demo import names
from elections.demo.plan import PlannedOrganization
from orgs.enums import Form, Kind, UnitType

SEED = "云岭区"
ORDINALS = "一二三四五六七八九"
UNITS_OF_A_JOINT_BRANCH = 3


def build() -> PlannedOrganization:
    """The district committee with everything under it; the same tree every time."""
    root = PlannedOrganization("001", "中共云岭区委员会", "云岭区委", Kind.LOCAL_COMMITTEE, None, None)
    for street, communities in names.STREETS.items():
        _street(root, street, communities.split())
    for town, villages in names.TOWNS.items():
        _town(root, town, villages.split())
    _agencies(root)
    _state_owned(root)
    _education(root)
    _health(root)
    _two_new(root)
    return root


def add(parent, name, kind, unit_type, *, form=Form.ORDINARY, size=0, unit="", units=(), holds=False, merged=False):
    """Append an organization to `parent` under the next free code and return it."""
    organization = PlannedOrganization(
        code=f"{parent.code}.{len(parent.children) + 1:03d}",
        name=name,
        short_name=_short(name),
        kind=kind,
        unit_type=unit_type,
        parent=parent,
        form=form,
        units=units or ((unit,) if unit else ()),
        size=size,
        holds_affiliations=holds,
        is_merged=merged,
    )
    parent.children.append(organization)
    return organization


def _short(name):
    for long, brief in (("有限公司", ""), ("流动党员党支部", "流动支部"), ("党支部", "支部"), ("党总支", "总支")):
        name = name.replace(long, brief)
    return name


def _branch(parent, name, unit_type, least, most, **more):
    size = Random(f"{SEED} size {name}").randint(least, most)
    if more.get("form") == Form.JOINT:
        firms = Random(f"{SEED} units {name}").sample(names.SMALL_FIRMS, UNITS_OF_A_JOINT_BRANCH)
        more["units"] = tuple(f"云岭{name[:2]}{firm}有限公司" for firm in firms)
    return add(parent, name, Kind.BRANCH, unit_type, size=size, **more)


def _with_branches(parent, base, kind, unit_type, count, least, most, *, suffix="", unit=""):
    """A 党委 or 党总支 of a unit with `count` numbered branches under it."""
    word = "党委" if kind == Kind.COMMITTEE else "党总支"
    unit = unit or base
    upper = add(parent, f"{base}{suffix}{word}", kind, unit_type, unit=unit)
    for number in range(count):
        name = f"{base}{suffix}第{ORDINALS[number]}党支部"
        _branch(upper, name, unit_type, least, most, unit=unit)
    return upper


def _street(root, street, communities):
    number = list(names.STREETS).index(street)
    office = f"{street}街道办事处"
    node = add(root, f"{street}街道党工委", Kind.WORKING_COMMITTEE, UnitType.SUBDISTRICT_OFFICE, unit=office)
    for ordinal in "一二":
        name = f"{street}街道机关第{ordinal}党支部"
        _branch(node, name, UnitType.SUBDISTRICT_OFFICE, 14, 26, unit=office)
    for place, name in enumerate(communities):
        community = f"{name}社区"
        resident = f"{street}街道{community}居民委员会"
        if place == 0:
            kind, count = Kind.COMMITTEE, 4
        elif place < 4:
            kind, count = Kind.GENERAL_BRANCH, 3 if (place + number) % 2 else 2
        else:
            _branch(node, f"{community}党支部", UnitType.COMMUNITY, 16, 42, unit=resident)
            continue
        _with_branches(node, community, kind, UnitType.COMMUNITY, count, 20, 42, unit=resident)
    for firm in names.PRIVATE_FIRMS[2 * number : 2 * number + 2]:
        company = f"云岭{firm}有限公司"
        _branch(node, f"{firm}有限公司党支部", UnitType.PRIVATE, 2, 14, unit=company)
    _branch(node, f"{street}商圈联合党支部", UnitType.PRIVATE, 6, 19, form=Form.JOINT)
    if street in names.MERGED:
        _branch(node, f"{names.MERGED[street]}党支部", UnitType.COMMUNITY, 0, 0, merged=True)
    if number % 2:
        _branch(node, f"{street}街道流动党员党支部", None, 0, 0, form=Form.MOBILE)
    else:
        _branch(node, f"{street}街道党建联盟功能型党支部", None, 0, 0, form=Form.FUNCTIONAL)


def _town(root, town, villages):
    office = f"{town}人民政府"
    node = add(root, f"{town}党委", Kind.COMMITTEE, UnitType.TOWNSHIP, unit=office)
    for ordinal in "一二":
        _branch(node, f"{town}机关第{ordinal}党支部", UnitType.TOWNSHIP, 15, 28, unit=office)
    for place, name in enumerate(villages):
        village = f"{name}村"
        committee = f"{town}{village}村民委员会"
        if place == 0:
            _with_branches(node, village, Kind.COMMITTEE, UnitType.VILLAGE, 3, 30, 42, unit=committee)
        elif place < 4:
            _with_branches(node, village, Kind.GENERAL_BRANCH, UnitType.VILLAGE, 2, 24, 40, unit=committee)
        else:
            # A few villages have outgrown one branch: more than fifty, even more than a hundred members.
            least, most = {4: (104, 112), 5: (62, 71), 6: (53, 58)}.get(place, (20, 42))
            _branch(node, f"{village}党支部", UnitType.VILLAGE, least, most, unit=committee)
    _branch(node, f"{names.MERGED[town]}党支部", UnitType.VILLAGE, 0, 0, merged=True)
    short = town.removesuffix("镇")
    _branch(node, f"{town}中心学校党支部", UnitType.SCHOOL, 16, 30, unit=f"{town}中心学校")
    _branch(node, f"{town}卫生院党支部", UnitType.HOSPITAL, 10, 22, unit=f"{town}卫生院")
    _branch(node, f"{town}农业服务中心党支部", UnitType.INSTITUTION, 7, 14, unit=f"{town}农业服务中心")
    _branch(node, f"{short}果蔬专业合作社党支部", UnitType.COOPERATIVE, 4, 9, unit=f"{short}果蔬专业合作社")
    _branch(node, f"{town}企业联合党支部", UnitType.PRIVATE, 6, 14, form=Form.JOINT)
    _branch(node, f"{town}重点工程临时党支部", None, 0, 0, form=Form.TEMPORARY)


def _agencies(root):
    node = add(root, "区直机关工委", Kind.WORKING_COMMITTEE, UnitType.AGENCY, unit="中共云岭区直属机关工作委员会")
    for agency in names.AGENCIES_WITH_COMMITTEE:
        _with_branches(node, agency, Kind.COMMITTEE, UnitType.AGENCY, 3, 26, 40, suffix="机关")
    for agency in names.AGENCIES_WITH_GENERAL_BRANCH:
        _with_branches(node, agency, Kind.GENERAL_BRANCH, UnitType.AGENCY, 2, 20, 36, suffix="机关")
    for agency in names.AGENCIES:
        _branch(node, f"{agency}机关党支部", UnitType.AGENCY, 12, 34, unit=agency)
    _branch(node, "区直机关离退休干部党支部", UnitType.AGENCY, 30, 48)
    _branch(node, "区征地拆迁指挥部临时党支部", None, 0, 0, form=Form.TEMPORARY)


def _state_owned(root):
    node = add(root, "区国资委党委", Kind.COMMITTEE, UnitType.AGENCY, unit="云岭区国有资产监督管理委员会")
    state = UnitType.STATE_OWNED
    _with_branches(node, "云岭城投集团", Kind.COMMITTEE, state, 5, 24, 42)
    _with_branches(node, "云岭水务公司", Kind.GENERAL_BRANCH, state, 3, 20, 36)
    _with_branches(node, "云岭公交公司", Kind.GENERAL_BRANCH, state, 3, 24, 40)
    _with_branches(node, "云岭文旅公司", Kind.GENERAL_BRANCH, state, 2, 14, 28)
    for firm in ("粮食储备公司", "供热公司", "人才发展公司", "园林绿化公司"):
        _branch(node, f"云岭{firm}党支部", state, 10, 28, unit=f"云岭{firm}")


def _education(root):
    node = add(root, "区教育工委", Kind.WORKING_COMMITTEE, UnitType.AGENCY, unit="云岭区教育局")
    school = UnitType.SCHOOL
    _with_branches(node, "云岭区第一中学", Kind.COMMITTEE, school, 4, 26, 42)
    for name in names.SCHOOLS_WITH_GENERAL_BRANCH:
        _with_branches(node, name, Kind.GENERAL_BRANCH, school, 3, 20, 34)
    for name in (*names.MIDDLE_SCHOOLS, *names.PRIMARY_SCHOOLS):
        _branch(node, f"{name}党支部", school, 14, 36, unit=name)
    for name in names.KINDERGARTENS:
        _branch(node, f"区{name}党支部", school, 5, 16, unit=f"云岭区{name}")
    _branch(node, "区教师进修学校党支部", UnitType.INSTITUTION, 14, 30, unit="云岭区教师进修学校")


def _health(root):
    node = add(root, "区卫健工委", Kind.WORKING_COMMITTEE, UnitType.AGENCY, unit="云岭区卫生健康局")
    hospital = UnitType.HOSPITAL
    _with_branches(node, "云岭区人民医院", Kind.COMMITTEE, hospital, 7, 22, 40)
    _with_branches(node, "云岭区中医院", Kind.GENERAL_BRANCH, hospital, 3, 20, 34)
    _with_branches(node, "区妇幼保健院", Kind.GENERAL_BRANCH, hospital, 2, 18, 32)
    for name in ("区疾病预防控制中心", "区卫生监督所"):
        _branch(node, f"{name}党支部", UnitType.INSTITUTION, 16, 30, unit=name)
    for name in names.HEALTH_CENTERS:
        _branch(node, f"{name}卫生服务中心党支部", hospital, 5, 20, unit=f"{name}卫生服务中心")


def _two_new(root):
    node = add(root, "区委两新工委", Kind.WORKING_COMMITTEE, UnitType.AGENCY, unit="中共云岭区委两新工作委员会")
    park = add(node, "云岭科技园党委", Kind.COMMITTEE, UnitType.PRIVATE, unit="云岭科技园")
    for firm in names.PARK_FIRMS:
        _branch(park, f"{firm}公司党支部", UnitType.PRIVATE, 8, 30, unit=f"云岭{firm}有限公司")
    lawyers = add(node, "区律师行业党委", Kind.COMMITTEE, UnitType.SOCIAL, unit="云岭区律师协会")
    for firm in names.LAW_FIRMS:
        _branch(lawyers, f"{firm}党支部", UnitType.SOCIAL, 6, 22, unit=firm)
    _with_branches(node, "区物业行业", Kind.GENERAL_BRANCH, UnitType.PRIVATE, 3, 8, 20, unit="云岭区物业管理协会")
    for firm in names.PRIVATE_FIRMS[12:]:
        _branch(node, f"{firm}有限公司党支部", UnitType.PRIVATE, 2, 14, unit=f"云岭{firm}有限公司")
    for name in names.SOCIAL:
        _branch(node, f"{name}党支部", UnitType.SOCIAL, 2, 9, unit=name)
    for place in ("东片", "西片", "南片"):
        _branch(node, f"{place}非公企业联合党支部", UnitType.PRIVATE, 6, 18, form=Form.JOINT)
    # It holds its members' affiliations, so it elects; the other mobile branches do not.
    _branch(node, "快递行业流动党员党支部", UnitType.PRIVATE, 12, 20, form=Form.MOBILE, holds=True)
    add(node, "区行业协会功能型党委", Kind.COMMITTEE, None, form=Form.FUNCTIONAL)
