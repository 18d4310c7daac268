"""A certificate as a page to print: the template's words with what belongs to the person, and the link as a picture.

Nothing runs over its box: letters shrink as far as the template lets them, words go on in further lines, and what is
still too long ends with an ellipsis.
"""

import io
from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from bot.services.certificate_template import CertificateTemplate, Lettering
from bot.services.certificates import Issued, session_zone
from bot.services.cop_sessions import CopSession
from bot.services.qr import qr_png
from bot.texts import Texts
from bot.views import clocks, pdf
from bot.views.fonts import legible

if TYPE_CHECKING:
    from fpdf import FPDF

QR_PX = 900  # at 36 mm more than 600 dots an inch
STEP_PT = 0.5
_ALIGN = {"left": "L", "center": "C", "right": "R"}
_FRAME_MM = 9.0


def certificate(issued: Issued, link: str, template: CertificateTemplate, texts: Texts) -> bytes:
    """The page as PDF. `link` verifies it; `texts` are those of the language in which certificates are written."""
    filled = values(issued, link, template, texts)
    on = datetime.combine(issued.certificate.issued_on, time(), tzinfo=UTC)
    title = texts.plain("certificates.buttons.file_title", serial=issued.certificate.serial)
    page = pdf.document(title, texts.language, on, is_landscape=True)
    # Boxes are placed by the template; the library is not to move them by margins of its own.
    page.set_margins(0, 0, 0)
    page.c_margin = 0
    if template.background is not None:
        page.image(template.background, 0, 0, page.w, page.h)
    elif template.page.frame:
        _frame(page)
    for each in template.text:
        if is_shown(each, filled):
            _letter(page, each, each.words.format_map(filled))
    page.image(
        io.BytesIO(qr_png(link, QR_PX)), template.qr.x, template.qr.y, template.qr.size, template.qr.size
    )
    return pdf.packed(page)


def values(issued: Issued, link: str, template: CertificateTemplate, texts: Texts) -> dict[str, str]:
    """What the template's placeholders stand for; times by the session's own clock."""
    certificate, session = issued.certificate, issued.session
    zone = session_zone(session)
    end = None if session.is_open_ended else session.ends_at
    told = f"{clocks.hours(session.starts_at, end, zone, texts)} {zone.name}"
    return {
        "name": certificate.full_name or "",
        "unit": certificate.unit or "",
        "session": session.title,
        "date": clocks.day(session.starts_at.astimezone(zone.info), texts),
        "time": texts.plain("calendar.until_done", start=told) if session.is_open_ended else told,
        "hours": lasted(session, texts),
        "serial": certificate.serial,
        "issued": texts.date(certificate.issued_on),
        "link": link.removeprefix("https://"),
        "signer": template.signer.name,
        "position": template.signer.position,
    }


def lasted(session: CopSession, texts: Texts) -> str:
    """ "2 jam 30 menit"; nothing where the end is open or on another day, so that no hours are told that were not."""
    info = session_zone(session).info
    is_one_day = session.starts_at.astimezone(info).date() == session.ends_at.astimezone(info).date()
    if session.is_open_ended or not is_one_day:
        return ""
    hours, minutes = divmod(int((session.ends_at - session.starts_at).total_seconds()) // 60, 60)
    key = "hours" if not minutes else "minutes" if not hours else "hours_and_minutes"
    return texts.plain(f"certificates.buttons.{key}", hours=hours, minutes=minutes)


def is_shown(lettering: Lettering, filled: Mapping[str, str]) -> bool:
    """Whether there is anything to say: a line whose placeholders are all empty is left out."""
    return not lettering.placeholders or any(filled[name] for name in lettering.placeholders)


def fitted(page: "FPDF", box: Lettering, words: str) -> tuple[float, list[str]]:
    """The size of letters (points) with which the words stay in their box, and their lines."""
    words = legible(words)
    size = box.size
    while size > box.smallest and not _fits(page, box, words, size):
        size = max(box.smallest, size - STEP_PT)
    lines = pdf.lines_of(page, words, size, width=box.width, is_bold=box.bold)
    most = max(1, int(box.height / (size * pdf.LEADING) + 1e-6))
    if len(lines) <= most:
        return size, lines
    last = lines[most - 1]
    while last and page.get_string_width(f"{last}…") > box.width:
        last = last[:-1].rstrip()
    return size, [*lines[: most - 1], f"{last}…"]


def _fits(page: "FPDF", box: Lettering, words: str, size: float) -> bool:
    if pdf.height_of(page, words, size, width=box.width, is_bold=box.bold) > box.height:
        return False
    # A word that is longer than the line would be broken anywhere.
    return all(page.get_string_width(word) <= box.width for word in words.split())


def _letter(page: "FPDF", box: Lettering, words: str) -> None:
    size, lines = fitted(page, box, words)
    height = len(lines) * size * pdf.LEADING
    pdf.prepare(page, size, colour=box.colour, is_bold=box.bold)
    for number, line in enumerate(lines):
        page.set_xy(box.x, box.y + (box.height - height) / 2 + number * size * pdf.LEADING)
        page.cell(box.width, size * pdf.LEADING, line, align=_ALIGN[box.align])


def _frame(page: "FPDF") -> None:
    page.set_draw_color(pdf.DONE)
    page.set_line_width(1.2)
    page.rect(_FRAME_MM, _FRAME_MM, page.w - 2 * _FRAME_MM, page.h - 2 * _FRAME_MM)
    page.set_draw_color(pdf.LINE)
    page.set_line_width(0.3)
    page.rect(_FRAME_MM + 2.5, _FRAME_MM + 2.5, page.w - 2 * _FRAME_MM - 5, page.h - 2 * _FRAME_MM - 5)
