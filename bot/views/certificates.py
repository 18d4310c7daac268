"""Certificates in chat: the file, why there is none, and what whoever verifies one reads."""

from typing import assert_never

from bot.poll_buttons import AnswerPoll
from bot.services.certificates import (
    CertificateFault,
    Genuine,
    Issued,
    Unknown,
    Unproven,
    Withdrawn,
    session_zone,
)
from bot.services.deep_links import deep_link
from bot.session_buttons import SendCertificate
from bot.texts import Texts
from bot.views import clocks
from bot.views.polls import poll_link
from bot.views.reply import Button, Link, Press, Reply

VERIFY_PREFIX = "v_"  # what the link on a certificate begins with, before its serial number


def verifying_link(serial: str, bot: str) -> str:
    """What the picture on the certificate holds."""
    return deep_link(bot, f"{VERIFY_PREFIX}{serial}")


def file_name(issued: Issued) -> str:
    """What the file is called."""
    return f"sertifikat-{issued.certificate.serial}.pdf"


def caption(issued: Issued, texts: Texts) -> Reply:
    """What stands under the file."""
    return Reply(
        texts.html(
            "certificates.caption",
            title=issued.session.title,
            name=issued.certificate.full_name,
            serial=issued.certificate.serial,
        )
    )


def to_certificate(session_id: int, texts: Texts) -> Press:
    """The button that leads to it."""
    return Press(texts.plain("certificates.buttons.get"), SendCertificate(session_id))


def fault(why: CertificateFault, texts: Texts) -> str:
    """Why there is none, as an alert."""
    return texts.plain(f"certificates.alerts.{why.value}")


def unproven(found: Unproven, texts: Texts, bot: str) -> Reply:
    """The poll has to be answered first; the button leads there."""
    label = texts.plain("certificates.buttons.answer")
    assert found.poll.id is not None
    button: Button = (
        Press(label, AnswerPoll(found.poll.id)) if found.is_asked else Link(label, poll_link(found.poll, bot))
    )
    return Reply(texts.html("certificates.unproven"), ((button,),))


def verified(found: Genuine | Withdrawn | Unknown, texts: Texts) -> Reply:
    """What whoever scanned a certificate reads; nothing that is not printed on it."""
    match found:
        case Genuine(certificate, session):
            lines = [
                texts.html("certificates.genuine", name=certificate.full_name),
                "",
                texts.html("certificates.facts.session", title=session.title),
                texts.html(
                    "certificates.facts.date",
                    date=clocks.day(session.starts_at.astimezone(session_zone(session).info), texts),
                ),
                texts.html("certificates.facts.serial", serial=certificate.serial),
                "",
                texts.html("certificates.compare"),
            ]
            if certificate.unit:
                lines.insert(2, texts.html("certificates.facts.unit", unit=certificate.unit))
            return Reply("\n".join(lines))
        case Withdrawn(serial, why):
            return Reply(
                texts.html("certificates.is_withdrawn", serial=serial)
                + " "
                + texts.html(f"certificates.withdrawn.{why.value}")
            )
        case Unknown():
            return Reply(texts.html("certificates.unknown"))
        case _:
            assert_never(found)
