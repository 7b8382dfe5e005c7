"""Every setting of the product, read once from CHUKE_* environment variables; a secret is never printed."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from documents.format import patterned_number


class Settings(BaseSettings):
    """The settings in force; `chuke config show` lists them with their meaning."""

    model_config = SettingsConfigDict(env_prefix="CHUKE_", frozen=True)

    home: Path = Field(Path(".state"), description="folder of everything this installation writes")
    database_url: str = Field("", description="sqlite:///… or postgresql://…; empty: chuke.db under the home folder")
    keys: Path | None = Field(None, description="file with the keys of sealed fields; empty: keys.json under home")
    site: str = Field("http://127.0.0.1:8010", description="address under which papers can be verified")
    host: str = Field("127.0.0.1", description="address the console listens on")
    port: int = Field(8010, description="port the console listens on")
    interface_per_minute: int = Field(
        600, description="requests a minute one caller of the interface may send to one process; 0: any number"
    )
    verify_per_minute: int = Field(
        30, description="papers one address may check a minute in one process; 0: any number"
    )
    webhook_loopback: bool = Field(False, description="also send webhooks to this very machine (tests only)")
    seal: Literal["none", "sample"] = Field("none", description="sample draws 样章 on papers (demonstration only)")
    seal_mode: Literal["none", "demo", "pkcs12", "pkcs11"] = Field(
        "none", description="who signs papers: nobody, demonstration keys (样章), a PKCS#12 file, a PKCS#11 device"
    )
    seal_folder: Path | None = Field(
        None, description="folder of the signing process: its keys (demonstration, statements); empty: seal under home"
    )
    seal_socket: Path | None = Field(
        None, description="where the signing process listens; empty: seal.sock in its folder, in-process for demo"
    )
    seal_pkcs12: Path | None = Field(None, description="PKCS#12 file with the office's certificate and key")
    seal_passphrase: Path | None = Field(None, description="file that holds its passphrase, readable by its owner only")
    seal_module: Path | None = Field(None, description="PKCS#11 module of the device (libsofthsm2.so, …)")
    seal_slot: str = Field("", description="label of the device's token")
    seal_label: str = Field("", description="label of key and certificate on the token")
    seal_pin: Path | None = Field(None, description="file that holds the PIN, readable by its owner only")
    seal_chain: Path | None = Field(None, description="PEM file: certificates above the office's own, root last")
    seal_stamp_authority: str = Field("", description="address of a time stamp authority (RFC 3161); empty: none")
    party_authorities: Path | None = Field(
        None, description="PEM file: authorities whose certificates the other side may sign agreements with"
    )
    number_patterns: dict[str, str] = Field(
        dict[str, str](),
        description='numbers of papers written otherwise, by code: {"D23": "{prefix}-{year}-{serial:04d}"}',
    )
    bilingual_divisions: str = Field(
        "2224", description="first digits of divisions whose papers carry Korean beside Chinese (Yanbian), with commas"
    )
    korean_names: dict[str, str] = Field(dict[str, str](), description="Korean names of issuers, by the Chinese name")
    font_folder: Path | None = Field(None, description="folder with the office's own licensed typefaces")
    renderers: int = Field(2, ge=1, le=16, description="processes that draw papers, each within its budget")
    clamd: str = Field("", description="virus scanner for uploads, host:port or unix:/path of clamd; empty: none")
    smtp_url: str = Field(
        "", description="mail server for notices, smtp://user:password@host:587 or smtps://…; empty: console only"
    )
    smtp_from: str = Field("", description="sender of those mails, as 出壳 <chuke@example.cn>; empty: chuke@ the site")
    prefect_api_url: str = Field("", description="Prefect server; empty: one is started beside the console")
    prefect_port: int = Field(4277, description="port of the Prefect server started beside the console")
    relay_batch: int = Field(100, description="errands claimed at once")
    relay_lease_seconds: int = Field(300, description="seconds a claimed errand may take before it is claimed again")
    relay_poll_seconds: float = Field(0.5, description="seconds between looks for waiting errands")

    second_factor: Literal["required", "optional"] = Field(
        "required",
        description="whether those who decide, sign or pay need a second factor; optional for demonstrations",
    )
    oidc_issuer: str = Field("", description="address of the single sign-on provider (OpenID Connect); empty: none")
    oidc_client_id: str = Field("", description="what this installation is called at the provider")
    oidc_client_secret: str = Field("", description="secret of the client at the provider")
    oidc_name: str = Field("", description="what the provider is called on the sign-in page")
    oidc_factor: str = Field(
        "mfa", description="words of amr or acr by which the provider says that it asked for a second factor"
    )

    bank_channel: Literal["file", "manual", "simulator"] = Field(
        "file", description="how payments reach the bank: a file for its web page, by hand, or the simulator (no money)"
    )
    bank_file: Literal["csv", "xlsx", "pain001"] = Field(
        "csv", description="form of that file: CSV, Excel template, or ISO 20022 pain.001"
    )
    bank_encoding: Literal["utf-8-sig", "gb18030"] = Field("utf-8-sig", description="how the text of a CSV is encoded")
    bank_payer: str = Field("", description="holder of the account that pays, as the bank knows it")
    bank_payer_account: str = Field("", description="number of the account that pays")
    bank_knows_references: bool = Field(
        True, description="whether the simulated bank recognises a reference it has seen before"
    )

    def seal_on(self, *, signed: bool, parties: bool) -> Literal["none", "sample"]:
        """What a page itself shows where a seal belongs: nothing where the signature brings the seal along.

        On the agreements of a demonstration the page shows the office's own sample and the one over the edges.
        """
        return "none" if signed and self.seal_mode != "none" and not parties else self.seal

    @field_validator("number_patterns")
    @classmethod
    def _patterns_can_be_filled(cls, patterns: dict[str, str]) -> dict[str, str]:
        """Refuses (at start) a pattern that no number can be written by."""
        for pattern in patterns.values():
            patterned_number(pattern, "", 2026, 1)
        return patterns

    def language_of(self, division_code: str) -> Literal["zh", "zh-ko"]:
        """In which languages an issuer of that division writes its papers."""
        first = [one.strip() for one in self.bilingual_divisions.split(",") if one.strip()]
        return "zh-ko" if any(division_code.startswith(one) for one in first) else "zh"

    @property
    def database(self) -> str:
        """The database address in force."""
        return self.database_url or f"sqlite:///{self.home.resolve() / 'chuke.db'}"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process."""
    return Settings()
