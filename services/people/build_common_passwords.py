"""Rebuild common_passwords.txt from the habits of people who choose passwords (run by a maintainer).

    python -m services.people.build_common_passwords

Our own compilation: keyboard walks, repeated and counted digits, dates, words of English, pinyin and this office with
the endings people add. Nothing shorter than a password may be is listed.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from services.people.rules import SHORTEST_PASSWORD

TARGET = Path(__file__).with_name("common_passwords.txt")
HEADING = "# Made by services/people/build_common_passwords.py: passwords that everybody tries first, in lower case."
ROWS = ("`1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./")
COLUMNS = ("1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "8ik,", "9ol.", "0p;/")
WORDS = (
    "password passw0rd p@ssword p@ssw0rd pa55word pass admin administrator root user guest test demo welcome letmein "
    "login secret master system manager office default change changeme monkey dragon shadow sunshine princess football "
    "baseball superman batman trustno1 iloveyou qwerty qwertyui asdf abc abcd abcde abcdef aaaa a1b2c3 hello freedom "
    "whatever computer internet server oracle google windows samsung huawei xiaomi taobao alipay wechat weixin baidu "
    "tencent woaini woaiwojia woaizhongguo wozuinb nihao zhongguo beijing shanghai changchun jilin changsha guangzhou "
    "shenzhen tianjin chongqing mima mimashi wodemima guanliyuan yonghu xitong xinxi caiwu chuna kuaiji minzheng "
    "minzhengju jiedao shequ shehuizuzhi fuhua fuhuazhongxin zhongxin chuke chukexitong bangongshi lingdao juzhang "
    "zhuren zhangsan lisi wangwu laoshi xiaoming baobei laopo laogong wangjing zhangwei liuyang chenchen lili yangyang "
    "dandan tiantian kaixin kuaile facai gongxi xinnian chunjie guoqing dangyuan renmin weirenminfuwu shengri family "
    "summer winter spring autumn january february monday friday love lovely angel jordan michael charlie thomas daniel "
    "jennifer michelle jessica ashley nicole hunter killer soccer hockey tennis golf cookie banana orange apple cherry "
    "chocolate coffee purple yellow green silver diamond star wars matrix phoenix tiger lion panda dolphin butterfly"
)
ENDINGS = (
    "1", "12", "123", "1234", "12345", "123456", "12345678", "123456789", "!", "!@#", "@123", "@1234", "@2024", "@2025",
    "@2026", "#123", "_123", "123!", "0", "00", "01", "007", "520", "521", "1314", "5201314", "666", "888", "999",
    "2020", "2021", "2022", "2023", "2024", "2025", "2026", "abc", "a", ".", "!!",
)  # fmt: skip
LUCKY = ("520", "1314", "5201314", "168", "888", "666", "147258369", "159357", "789456123", "11223344", "112233")
CHINESE = (
    "我爱我家我爱我家 我爱你我爱你我 中华人民共和国 为人民服务为人民服务 "
    "一二三四五六七八 一二三四五六七八九 天天向上好好学习 "
    "好好学习天天向上 我的密码我的密码 密码密码密码密码 社会组织孵化中心 民政局民政局民政 管理员管理员管理 "
    "恭喜发财恭喜发财 万事如意万事如意 生日快乐生日快乐"
)


def walks() -> Iterator[str]:
    """Along the rows and the columns of a keyboard, there and back, once and twice."""
    for row in ROWS:
        for start in range(len(row)):
            for end in range(start + 4, len(row) + 1):
                yield from (piece := row[start:end], piece[::-1], piece * 2, piece + piece[::-1])
    for number in range(len(COLUMNS)):
        for count in (2, 3, 4):
            walk = "".join(COLUMNS[number : number + count])
            yield from (walk, walk[::-1], walk * 2)
        for other in range(len(COLUMNS)):
            yield COLUMNS[number] + COLUMNS[other][::-1]
    yield from ("qwer1234", "asdf1234", "1qaz@wsx", "!qaz2wsx")
    yield from ("1q2w3e4r", "1q2w3e4r5t", "q1w2e3r4", "qweasdzxc", "qweasd123")


def digits() -> Iterator[str]:
    """One digit again and again, counted up and down, pairs, and the numbers people find lucky."""
    for digit in "0123456789":
        for length in range(8, 17):
            yield digit * length
    for start in range(10):
        for length in range(8, 13):
            up = "".join(str((start + step) % 10) for step in range(length))
            yield from (up, up[::-1])
    for pair in range(100):
        yield from (f"{pair:02}" * 4, f"{pair:02}" * 5)
    for lucky in LUCKY:
        yield from (lucky * 2, lucky * 3, lucky + "520", lucky + "1314", lucky + "888", "a" + lucky, lucky + "abc")


def dates() -> Iterator[str]:
    """The first and the last day of every month since 1960: birthdays stand for themselves in hundreds of thousands."""
    day = date(1960, 1, 1)
    while day.year < 2030:
        following = (day + timedelta(days=32)).replace(day=1)
        for one in (day, following - timedelta(days=1)):
            yield f"{one:%Y%m%d}"
        day = following


def words() -> Iterator[str]:
    """Words with the endings and beginnings people add, doubled and capitalised (compared in lower case)."""
    for word in WORDS.split():
        yield from (word, word * 2)
        for ending in ENDINGS:
            yield word + ending
        yield from ("123" + word, "123456" + word, "a" + word)
    yield from CHINESE.split()


def main() -> None:
    """Write the list, sorted, without what is too short to be a password."""
    found = {one.casefold() for made in (walks(), digits(), dates(), words()) for one in made}
    kept = sorted(one for one in found if len(one) >= SHORTEST_PASSWORD)
    TARGET.write_text("\n".join([HEADING, *kept]) + "\n", encoding="utf-8")
    print(f"{len(kept)} passwords")  # noqa: T201 - this is a maintainer's command


if __name__ == "__main__":
    main()
