"""Results on the desk: honest about few answers, whole where they fit, and nobody's province alone."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.clock import Zone
from bot.services.cop_sessions import CopSession
from bot.services.poll_outcomes import Managed
from bot.services.poll_results import GroupResult, OptionResult, PollResult, ProvinceResult, QuestionResult
from bot.services.poll_templates import QuestionKind
from bot.services.polls import Poll, PollState
from bot.simulator import markup
from bot.texts import LANGUAGES, texts
from bot.views import poll_desk as views
from bot.views.reply import MAX_TEXT, Reply

NOW = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)
MANAGED = Managed(
    CopSession(id=1, title="Klaim JKP", starts_at=NOW, ends_at=NOW, created_at=NOW, scheduled_at=NOW),
    Poll(id=1, session_id=1, link_code="x", created_at=NOW),
)


def rating(number: int, answered: int, **more: object) -> QuestionResult:
    options = tuple(OptionResult(f"{step} – nilai", answered // 5, 0.2) for step in range(1, 6))
    return QuestionResult(
        number,
        number,
        QuestionKind.RATING,
        "Bagaimana <sesi> ini?",
        answered,
        is_hidden=answered < 5,
        options=options if answered >= 5 else (),
        mean=3.04 if answered >= 5 else None,
        good_share=0.4 if answered >= 5 else None,
        **more,  # type: ignore[arg-type]
    )


def shown(result: PollResult, language: str = "id") -> Reply:
    return views.results(MANAGED, result, Zone.WIB, texts(language))


RESULT = PollResult(
    poll_id=1,
    session_id=1,
    title="Klaim JKP & <b>manfaat</b>",
    session_starts_at=NOW,
    state=PollState.CLOSED,
    opened_at=NOW,
    closes_at=NOW,
    closed_at=NOW,
    attended=0,
    attended_answered=0,
    asked=0,
    answered=0,
    questions=(rating(1, 0),),
    groups=(),
    comments=(),
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("answered", [0, 1, 4, 5, 1700])
def test_a_result_of_any_size_is_markup_that_telegram_accepts(language: str, answered: int) -> None:
    result = replace(RESULT, asked=1700, answered=answered, attended=1700, questions=(rating(1, answered),))

    text, _ = markup.parse(shown(result, language).text, "HTML", None)[:2]

    assert "Bagaimana <sesi> ini?" in text
    assert ("nilai: " in text) == (answered >= 5)


def test_without_anybody_asked_nothing_is_divided_by_nothing() -> None:
    assert "0 dari 0" in shown(RESULT).text
    assert "Dari yang hadir" not in shown(RESULT).text


def test_provinces_are_named_and_so_are_those_that_were_merged() -> None:
    provinces = (ProvinceResult(("32",), 12, 4.2), ProvinceResult(("", "11", "31"), 7, 3.9))

    text = shown(replace(RESULT, questions=(rating(1, 20, provinces=provinces),))).text

    assert "• Jawa Barat: 4,2 (12 jawaban)" in text
    assert "• Aceh + DKI Jakarta + Provinsi belum diisi: 3,9 (7 jawaban)" in text


def test_a_group_says_whether_its_numbers_are_the_last_word() -> None:
    group = GroupResult("CoP", "Bagaimana?", (), 3, is_final=True, was_deleted=False)

    final, open_still, deleted = (
        shown(replace(RESULT, groups=(each,))).text
        for each in (
            group,
            replace(group, is_final=False),
            replace(group, is_final=False, was_deleted=True),
        )
    )

    assert "dihitung terpisah. Pemilih: 3" in final
    assert "masih dapat berubah" in open_still
    assert "Dihapus di grup sebelum ditutup" in deleted


def test_the_longest_result_fits_into_a_message_and_says_that_more_was_asked() -> None:
    options = tuple(OptionResult("&" * 100, 141, 0.08) for _ in range(12))
    questions = tuple(
        QuestionResult(n, n, QuestionKind.SEVERAL, "&" * 300, 1700, is_hidden=False, options=options)
        for n in range(1, 11)
    )

    text = shown(replace(RESULT, questions=questions)).text

    assert len(text) <= MAX_TEXT
    assert "Tidak semua pertanyaan muat" in text


def test_long_comments_take_pages_and_none_gets_lost() -> None:
    comments = [f"{number} " + "kata " * 200 for number in range(20)]

    found: list[str] = []
    page = 0
    while True:
        reply = views.comments(MANAGED, comments, page, texts("id"))
        assert len(reply.text) <= MAX_TEXT
        found += [line.split()[1] for line in reply.text.splitlines() if line.startswith("•")]
        if not any(button.label == "Berikutnya" for row in reply.keyboard for button in row):
            break
        page += 1

    assert found == [str(number) for number in range(20)]
