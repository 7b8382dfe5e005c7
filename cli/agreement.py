"""`chuke agreement`: the other side signs an agreement at its own desk; what it signed is kept, by file or by scan."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from cyclopts import App

from cli.asking import Asking, Plain, WronglyAsked, acting_on, file_given, instant, looking, opened
from cli.printing import show_json

if TYPE_CHECKING:
    from datetime import datetime

    from documents.pades import Identity

app = App(name="agreement", help="协议签署 · agreements signed by both sides")


@app.command
def sign(
    file: Path, to: Path, /, *, pkcs12: Path | None = None, passphrase: Path | None = None, sample: str = "",
    plain: Plain = Plain(),  # noqa: ARG001
) -> int:  # fmt: skip
    """对方签名 · Sign a downloaded agreement as its other side, on any computer; opens no database.

    Parameters
    ----------
    file:
        下载的协议 the agreement as it was downloaded.
    to:
        存成 the file to write.
    pkcs12:
        证书文件 PKCS#12 file with certificate and key.
    passphrase:
        口令文件 file that holds its passphrase.
    sample:
        样章的名称 sign with a sample key in this name instead (demonstrations only).
    plain:
        通用选项 common options.
    """
    from datetime import UTC, datetime

    from documents.pades import NotWaiting, Wish, sign_second
    from documents.seal import seal_pdf
    from documents.signature_mark import signature_mark_pdf
    from documents.signed import holder_of

    now = datetime.now(UTC)
    identity = _identity(pkcs12, passphrase, sample, now)
    mark = seal_pdf(sample) if sample else signature_mark_pdf(holder_of(identity.certificate), now.date())
    try:
        signed = sign_second(file_given(file), identity, Wish(at=now, seal=mark))
    except NotWaiting as error:
        raise WronglyAsked(f"{file}: 没有待对方签名的位置 no field waits for the other side ({error})") from None
    to.write_bytes(signed)
    print(f"✓ {to} ({len(signed)})")
    return 0


def _identity(pkcs12: Path | None, passphrase: Path | None, sample: str, now: "datetime") -> "Identity":
    from documents.identities import from_pkcs12, sample_identity

    if sample:
        return sample_identity(sample, now)
    if pkcs12 is None or passphrase is None:
        raise WronglyAsked("--pkcs12 FILE --passphrase FILE | --sample NAME")
    try:
        return from_pkcs12(file_given(pkcs12), file_given(passphrase).decode().rstrip("\r\n"))
    except ValueError as error:
        raise WronglyAsked(f"{pkcs12}: 口令不对或者不是证书文件 wrong passphrase, or no such file ({error})") from None


@app.command
def keep(document: str, file: Path, /, *, asking: Asking = Asking()) -> int:
    """登记电子签署 · Keep the file the other side signed (document: id from `document list`)."""
    from services.applications.inspection import Upload
    from services.cases.second_signing import sign_second

    now = instant(asking)
    with acting_on(asking) as (database, actor):
        paper = sign_second(database, actor, document, Upload(file.name, file_given(file)), now=now)
    return _shown(paper.number, paper.second_signed_on, asking)


@app.command
def record(document: str, scan: Path, /, *, signer: str, signed_on: date, asking: Asking = Asking()) -> int:
    """登记纸质签署 · Record that both sides signed by hand, with the scan.

    Parameters
    ----------
    document:
        文书编号 id of the agreement.
    scan:
        扫描件 all pages, a PDF or a photo.
    signer:
        签署人 who signed for the other side.
    signed_on:
        签署日期 the day.
    asking:
        通用选项 common options.
    """
    from services.applications.inspection import Upload
    from services.applications.scanning import scanner_at
    from services.cases.second_signing import record_by_hand
    from services.settings import settings

    now = instant(asking)
    with acting_on(asking) as (database, actor):
        paper = record_by_hand(
            database, actor, document, signer=signer, signed_on=signed_on, scan=Upload(scan.name, file_given(scan)),
            scanner=scanner_at(settings().clamd), now=now,
        )  # fmt: skip
    return _shown(paper.number, paper.second_signed_on, asking)


@app.command
def show(document: str, /, *, asking: Asking = Asking()) -> int:
    """查看签署情况 · Show how the other side signed."""
    from services.cases.second_signing import second_of
    from services.database.work import reading

    with opened() as database, reading(database, instant(asking)) as work:
        found = second_of(work, looking(work, asking), document)
    if asking.json:
        show_json(found or {})
    elif found is None:
        print("待对方签署 the other side has not signed")
    else:
        print(f"{found.signed_on}  {found.way}  {found.signer}  {found.authority}")
    return 0


def _shown(number: str, signed_on: date | None, asking: Asking) -> int:
    if asking.json:
        show_json({"number": number, "signed_by_both_on": signed_on})
    else:
        print(f"✓ {number}  {signed_on}")
    return 0
