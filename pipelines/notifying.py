"""Messages to the operator: a webhook and e-mail, off until `notify.toml` in the data folder names them.

    [webhook]
    url = "https://…"
    [email]
    host = "smtp.example"
    port = 587
    security = "starttls"       # or "tls", or "none"
    user = "cci"                # only where the server asks for one
    sender = "cci@example"
    recipients = ["operator@example"]

Secrets come from the environment: `CCI_WEBHOOK_TOKEN` (sent as a bearer token) and `CCI_SMTP_PASSWORD`.
Nothing that is told of a failure holds an address, which may itself be a secret, or a server's answer.
"""

import os
import smtplib
import ssl
import time
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Literal

import requests

from pipelines.noted import Note
from pipelines.pages import operator
from templates.catalogue import LANGS

SETTINGS = "notify.toml"
TOKEN, PASSWORD = "CCI_WEBHOOK_TOKEN", "CCI_SMTP_PASSWORD"
TIMEOUT = 5.0
"""Seconds that a server may be silent."""
TRIES = 3
BACKOFF = 1.0
"""Seconds before the second try; twice as many before the third."""
_BROKEN = (requests.RequestException, smtplib.SMTPException, OSError)


@dataclass(frozen=True)
class Webhook:
    """Where a note is posted to as JSON."""

    url: str

    def __post_init__(self) -> None:
        if not self.url.startswith(("https://", "http://")):
            raise ValueError("url is no http address")


@dataclass(frozen=True)
class Email:
    """How a note is sent as a message."""

    host: str
    sender: str
    recipients: list[str]
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""

    def __post_init__(self) -> None:
        if self.security not in ("starttls", "tls", "none"):
            raise ValueError('security is none of "starttls", "tls", "none"')
        if not self.recipients or isinstance(self.recipients, str):
            raise ValueError("recipients is no list of addresses")


def tell(settings: Path, note: Note) -> list[str]:
    """Send a note wherever the settings say.

    Args:
        settings: the file of settings; where there is none, nothing is sent.
        note: what a run did.

    Returns:
        What went wrong, in words. Nothing that can go wrong in telling is raised.
    """
    if not settings.exists():
        return []
    try:
        webhook, email = read(settings)
    except (ValueError, OSError) as error:
        return [f"{settings.name}: {error}; nobody was told of {note.edition} {note.period}"]
    problems = []
    if webhook:
        problems += _tried("webhook", lambda: _post(webhook, note))
    if email:
        problems += _tried("email", lambda: _send(email, note))
    return problems


def read(settings: Path) -> tuple[Webhook | None, Email | None]:
    """The settings.

    Raises:
        ValueError: it is no TOML, or a table or key is unknown, missing or wrong; names which.
    """
    found = tomllib.loads(settings.read_text(encoding="utf-8"))
    if unknown := set(found) - {"webhook", "email"}:
        raise ValueError(f"unknown {sorted(unknown)}; expected [webhook] and [email]")
    return _one(Webhook, found, "webhook"), _one(Email, found, "email")


def _one(kind: type[Any], found: dict[str, Any], name: str) -> Any:
    if name not in found:
        return None
    try:
        return kind(**found[name])
    except (TypeError, ValueError) as error:
        expected = ", ".join(kind.__dataclass_fields__)
        raise ValueError(f"[{name}]: {error}; expected {expected}") from None


def _tried(name: str, send: Callable[[], None]) -> list[str]:
    """Send, again where that fails; the kind of the last failure, which alone holds no secret."""
    for left in range(TRIES - 1, -1, -1):
        try:
            send()
        except _BROKEN as error:
            if not left:
                return [f"{name}: not told after {TRIES} tries: {_kind(error)}; see {SETTINGS}"]
            time.sleep(BACKOFF * 2 ** (TRIES - 1 - left))
        except ValueError as error:  # what was set cannot be sent to, however often
            return [f"{name}: not told: {_kind(error)}; see {SETTINGS}"]
        else:
            return []
    return []


def _kind(error: Exception) -> str:
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"status {error.response.status_code}"
    code = getattr(error, "smtp_code", None)
    return type(error).__name__ if code is None else f"{type(error).__name__} {code}"


def _post(webhook: Webhook, note: Note) -> None:
    token = os.environ.get(TOKEN)
    answer = requests.post(
        webhook.url,
        json={"text": operator.message(note, LANGS[0]), "run": note.as_data()},
        headers={"Authorization": f"Bearer {token}"} if token else {},
        timeout=TIMEOUT,
        allow_redirects=False,
    )
    if not answer.ok or answer.is_redirect:
        raise requests.HTTPError(response=answer)


def _send(email: Email, note: Note) -> None:
    message = EmailMessage()
    message["Subject"] = operator.subject(note, LANGS[0])
    message["From"] = email.sender
    message["To"] = ", ".join(email.recipients)
    message.set_content("\n\n".join(operator.message(note, lang) for lang in LANGS))
    with _connected(email) as server:
        password = os.environ.get(PASSWORD)
        if email.user and password:
            server.login(email.user, password)
        server.send_message(message)


def _connected(email: Email) -> smtplib.SMTP:
    if email.security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(email.host, email.port, timeout=TIMEOUT, context=context)
    server = smtplib.SMTP(email.host, email.port, timeout=TIMEOUT)
    if email.security == "starttls":
        server.starttls(context=ssl.create_default_context())
    return server
