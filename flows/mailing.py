"""Hands one e-mail to the mail server of the settings, over SMTP."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

from services.notices.mail import Letter

PATIENCE_SECONDS = 20
PLAIN_PORT, SUBMISSION_PORT, TLS_PORT = 25, 587, 465


def send(letter: Letter, url: str) -> None:
    """Send the letter; fails (smtplib.SMTPException, OSError) when the server does not take it.

    `smtps://` speaks TLS from the first byte, `smtp://` changes to it where the server offers it; with a user name in
    the address it insists on that, so that no password travels in the clear.
    """
    server = urlsplit(url)
    host, context = server.hostname or "localhost", ssl.create_default_context()
    if server.scheme == "smtps":
        with smtplib.SMTP_SSL(host, server.port or TLS_PORT, timeout=PATIENCE_SECONDS, context=context) as connection:
            _hand_over(connection, letter, server.username, server.password)
        return
    usual = SUBMISSION_PORT if server.username else PLAIN_PORT
    with smtplib.SMTP(host, server.port or usual, timeout=PATIENCE_SECONDS) as connection:
        connection.ehlo()
        if connection.has_extn("starttls") or server.username:
            connection.starttls(context=context)
        _hand_over(connection, letter, server.username, server.password)


def _hand_over(connection: smtplib.SMTP, letter: Letter, username: str | None, password: str | None) -> None:
    if username:
        connection.login(unquote(username), unquote(password or ""))
    connection.send_message(message_of(letter), from_addr=parseaddr(letter.sender)[1], to_addrs=[letter.address])


def message_of(letter: Letter) -> EmailMessage:
    """The letter as it travels: plain text, marked as sent by a machine so that no absence note answers it."""
    message = EmailMessage()
    message["Message-ID"] = letter.message_id
    message["From"] = letter.sender
    message["To"] = letter.address
    message["Subject"] = letter.subject
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body)
    return message
