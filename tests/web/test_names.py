"""G7: names that are hard to write go in and come out exactly; those that deceive the eye are refused in words."""

import csv
import unicodedata
from datetime import date, datetime
from io import StringIO

import pypdfium2
import pytest
from sqlalchemy import select

from documents.context import Head
from documents.glyphs import printable_characters
from documents.kinds.receipt_slip import ReceiptSlip, ReceivedMaterial
from documents.pdf import render
from services.applications.queries import written as written_sections
from services.cases import commands
from services.database.work import reading, unit_of_work
from services.errors import Invalid
from services.organizations.acts import enter_organization
from services.organizations.commands import NewOrganization
from services.organizations.models import organizations
from services.people.commands import add_person, grant_role
from statemachines.roles import Role
from tests.web.city import COMMUNITY
from tests.web.conftest import Scene
from tests.web.reading import Page
from tests.web.writing import begun, write
from web.rendering import visible

GOOD = (
    "周暖", "欧阳娜娜", "龘靐", "丂丂", "〇零", "王 五", "𠮷田一", "𪚥飞", "㐂助", "𫍯言", "𬎆玉", "𰻞面",
    "﨑山",
    "买买提·艾力", "阿卜杜拉•买买提", "古丽・阿依", "尼玛‧次仁", "阿不都热依木·阿不都热合曼·买买提", "김철수", "가람",
    "བཀྲ་ཤིས",
    "ᠪᠠᠲᠤ",
    "ئالىم", "ꆈꌠ", "Vuengz Gij", "José", "Jose\u0301", "\u1100\u1161람", "O'Brien-李", "葛\U000e0100城", "神田",
    "ǚ绿",
)  # fmt: skip
BAD = (
    "周\u202e暖", "周\u202d暖", "周\u2067暖", "周\u200b暖", "周\u200c暖", "周\u200d暖", "\ufeff周暖", "周\u00ad暖",
    "周\u2060暖",
    "周\x07暖", "周\n暖", "周\t暖", "周\x7f暖", "周\u3164暖", "周\u115f暖", "周\u2028暖", "\u2800周暖", "周\u200e暖",
)  # fmt: skip


def nfc(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def new(name: str, *, leader: str) -> NewOrganization:
    return NewOrganization(
        name=name, legal_form="none", legal_status="UNFILED", category="SERVICE", subtype="邻里互助社",
        home_division=COMMUNITY, leader_name=leader, leader_phone="", members=3,
    )  # fmt: skip


def test_there_are_forty_names_and_more() -> None:
    assert len(set(GOOD) | set(BAD)) >= 40


def test_hard_names_come_back_exactly_from_database_interface_and_csv(scene: Scene) -> None:
    city, program = scene.city, scene.program("manager")
    for number_of, name in enumerate(GOOD):
        called = f"{name}第{number_of}社"
        identity = enter_organization(city.database, city.actor("clerk"), new(called, leader=name), now=city.tick())
        number = commands.open_incubation(
            city.database, city.actor("clerk"), organization_id=identity, centre_id=city.centre, now=city.tick()
        ).number
        with reading(city.database, city.now) as work:
            row = work.connection.execute(select(organizations).where(organizations.c.id == identity)).one()
        assert (row.name, row.leader_name) == (nfc(called), nfc(name))
        assert program.get(f"/api/v1/cases/{number}").json()["organization"] == nfc(called)
        assert nfc(called).replace("'", "&#39;") in scene.browser("manager").get(f"/cases/{number}").text
        sheet = StringIO()
        csv.writer(sheet).writerow([number, row.name, row.leader_name])
        content = sheet.getvalue().encode("utf-8-sig").decode("utf-8-sig")
        assert next(csv.reader(StringIO(content))) == [number, nfc(called), nfc(name)]


def test_hard_names_are_taken_in_the_form_and_kept_composed(scene: Scene) -> None:
    number, client = begun(scene), scene.browser("ma")
    write(client, number, "consent", agreed="yes")
    for name in GOOD:
        typed = {"leader_name": name, "leader_phone": "19900000001", "founders.0.name": name}
        assert write(client, number, "people", **typed).status_code == 303, name
        with reading(scene.city.database, scene.city.now) as work:
            people = written_sections(work, scene.city.case_id(number))["people"].content
        assert (people["leader_name"], people["founders"][0]["name"]) == (nfc(name), nfc(name))


@pytest.mark.parametrize("name", BAD, ids=[f"U+{ord(max(one, key=lambda x: x not in '周暖')):04X}" for one in BAD])
def test_what_is_not_seen_is_refused_in_names_with_a_sentence(name: str, scene: Scene) -> None:
    city, client, number = scene.city, scene.browser("ma"), begun(scene)
    for organization in (new(f"邻{name}社", leader="周暖"), new("邻里社", leader=f"周{name}暖")):
        with pytest.raises(Invalid) as refused:
            enter_organization(city.database, city.actor("clerk"), organization, now=city.tick())
        assert refused.value.codes[0] in ("input.control_character", "organization.name_invisible_character")
    write(client, number, "consent", agreed="yes")
    answer = write(client, number, "people", leader_name=f"周{name}暖", leader_phone="19900000001")
    assert answer.status_code == 422
    assert "“负责人姓名”中有看不见的" in Page(answer.text).text


def test_elsewhere_it_is_kept_and_shown_for_what_it_is(scene: Scene) -> None:
    number, client = begun(scene), scene.browser("ma")
    typed = {"activities": "教\u202e舞\u200b蹈", "group": "elderly", "beneficiaries": "1", "volunteers": "1"}
    assert write(client, number, "activities", **typed).status_code == 303
    with reading(scene.city.database, scene.city.now) as work:
        assert (
            written_sections(work, scene.city.case_id(number))["activities"].content["activities"]
            == "教\u202e舞\u200b蹈"
        )
    page = client.get(f"/applications/{number}/check").text
    assert "教‹U+202E›舞‹U+200B›蹈" in page
    assert "\u202e" not in page
    for one in BAD:
        assert visible(one) != one or "\n" in one or "\t" in one, one
    assert visible("买买提·艾力 𠮷 ئالىم") == "买买提·艾力 𠮷 ئالىم"


def test_hard_names_stand_on_paper_as_they_are(scene: Scene) -> None:
    printable = printable_characters()
    names = [nfc(one) for one in GOOD if all(ord(character) in printable for character in nfc(one))]
    assert len(names) >= 15
    head = Head(
        issuer_name="中心", document_title="收件回执", number="收〔2026〕1号", addressee=names[6],
        case_number="QYFH-2026-0001",
        organization_name=names[6], issued_on=date(2026, 11, 16),
        contact="沈小满", phone="0000-1234567",
        verify_code="T8DN-4KVX-6QCJ-H1WR", verify_url="https://x.example/verify/T8DN-4KVX-6QCJ-H1WR", seal="none",
    )  # fmt: skip
    slip = ReceiptSlip(
        head=head, application="入驻申请", materials=tuple(ReceivedMaterial(name=one) for one in names),
        received_at=datetime(2026, 11, 16, 9, 40), next_step_due=date(2026, 11, 23),  # noqa: DTZ001
    )  # fmt: skip
    paper = pypdfium2.PdfDocument(render("receipt_slip", slip).pdf)
    text = nfc("".join("".join(page.get_textpage().get_text_range().split()) for page in paper))
    assert [one for one in names if "".join(one.split()) not in text] == []


def test_people_of_the_office_may_have_such_names_too(scene: Scene) -> None:
    with unit_of_work(scene.city.database, scene.city.tick()) as work:
        person = add_person(work, username="gulie", name="古丽·阿依𠮷")
        grant_role(work, person, Role.AUDITOR, valid_from=work.today)
    assert scene.city.actor("gulie").name == "古丽·阿依𠮷"
