"""`chuke rules`: a version is proposed, approved and taken back on the command line, by two people."""

from tests.cli.conftest import Chuke


def test_a_version_is_proposed_approved_and_taken_back(chuke: Chuke) -> None:
    ask = ("rules", "propose", "2027-06-01", "--source", "青河民发〔2027〕1号", "--set", "limit.publicity=7")
    proposed = chuke(*ask, "--as", "linzhixia", "--json")
    assert proposed.status == 0, proposed.err
    refused = chuke("rules", "approve", proposed.data["id"], "--as", "linzhixia")
    assert refused.status == 4
    approved = chuke("rules", "approve", proposed.data["id"], "--as", "zhengyuanshan", "--json")
    assert approved.status == 0, approved.err
    listed = chuke("rules", "list", "--as", "zhengyuanshan", "--json").data["versions"]
    assert [one["standing"] for one in listed] == ["coming", "in_force"]
    version = approved.data["id"]
    assert chuke("rules", "withdraw", version, "--reason", "文号有误", "--as", "linzhixia").status == 0
    assert chuke("rules", "withdraw", version, "--confirm", "--as", "linzhixia").status == 4
    assert chuke("rules", "withdraw", version, "--confirm", "--as", "zhengyuanshan").status == 0
    listed = chuke("rules", "list", "--as", "zhengyuanshan", "--json").data["versions"]
    assert [one["standing"] for one in listed] == ["withdrawn", "in_force"]


def test_a_change_without_a_value_is_asked_wrongly(chuke: Chuke) -> None:
    said = chuke("rules", "propose", "2027-06-01", "--source", "文", "--set", "limit.publicity", "--as", "linzhixia")
    assert said.status == 2
