"""Invented Chinese names of places, people and organizations, each drawn from a seeded source of chance."""
# ruff: noqa: E501 - the tables are read by rows

import random
from collections.abc import Iterator

PREFECTURE = ("229900", "青檐市")
COUNTIES = (
    ("229902", "河湾区", "HW"), ("229903", "松江区", "SJ"), ("229904", "云岭区", "YL"), ("229921", "望山县", "WS"),
    ("229922", "北甸县", "BD"),
)  # fmt: skip
STREETS = ("望河", "桦林", "石桥", "柳泉", "铁东", "南关", "朝阳", "新发")
COMMUNITIES = ("晨光", "向阳里", "桦苑", "铁东里", "和顺", "安居", "春城", "永昌")
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
GIVEN = "知夏小满未央闻笛亦安南乔时雨照野如许北辰听澜云深令仪清扬青禾远山长风小舟望岳晓棠一禾见微有余云舒一诺恒星若"
FLAVOURS = (
    "同心", "和悦", "暖阳", "春晖", "银龄", "邻里", "向阳", "爱心", "松柏", "百合", "清泉", "晨曦", "家园", "守望", "童心",
    "夕阳红", "康乐", "互助", "益民", "阳光", "温馨", "常青", "金色", "蒲公英", "萤火", "星火", "石榴籽", "红石榴", "幸福", "彩虹",
)  # fmt: skip
TYPES = (
    ("SERVICE", "邻里互助社", "邻里互助社"), ("SERVICE", "日间照料", "日间照料中心"), ("SERVICE", "青少年托管", "青少年托管中心"),
    ("SERVICE", "养老服务", "养老服务站"), ("SERVICE", "助残服务", "助残服务社"), ("SERVICE", "社区矫正帮扶", "帮扶服务中心"),
    ("CULTURE_SPORT", "书画/艺术团", "书画社"), ("CULTURE_SPORT", "秧歌/表演队", "秧歌队"), ("CULTURE_SPORT", "太极/健身队", "太极拳队"),
    ("CULTURE_SPORT", "合唱团", "合唱团"), ("CHARITY", "志愿者协会", "志愿者协会"), ("CHARITY", "爱心超市", "爱心超市"),
    ("CHARITY", "老年协会", "老年协会"), ("SUPPORT_HUB", "服务中心", "社会组织服务中心"), ("SUPPORT_HUB", "联合会", "社会组织联合会"),
)  # fmt: skip
"""(category, subtype, how the name ends)."""


def person_name(chance: random.Random) -> str:
    """A surname and a given name of one or two characters."""
    first = chance.randrange(0, len(GIVEN) - 1)
    return chance.choice(SURNAMES) + GIVEN[first : first + chance.choice((1, 2, 2, 2))]


def organization_names(chance: random.Random, community: str) -> Iterator[tuple[str, str, str]]:
    """(name, category, subtype) again and again, no name twice for one community."""
    combined = [(flavour, kind) for flavour in FLAVOURS for kind in TYPES]
    chance.shuffle(combined)
    for turn in range(10_000):
        for flavour, (category, subtype, ending) in combined:
            number = f"第{turn + 1}" if turn else ""
            yield f"{community}社区{flavour}{number}{ending}", category, subtype
