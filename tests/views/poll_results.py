"""Results of polls of every size, as the views are given them."""

from datetime import UTC, datetime, timedelta

from bot.services.comment_words import most_used
from bot.services.poll_reports import PollReport
from bot.services.poll_results import (
    GroupResult,
    OptionResult,
    PollResult,
    ProvinceResult,
    QuestionResult,
    TrendPoint,
)
from bot.services.poll_templates import QuestionKind, options_of
from bot.services.polls import PollState
from bot.services.provinces import PROVINCES

STARTS_AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
MADE_AT = datetime(2026, 11, 26, 10, 3, tzinfo=UTC)
TITLE = "Pendampingan Klaim Jaminan Kehilangan Pekerjaan – Sesi 4: verifikasi, keberatan, dan pelaporan"
SEVERAL = (
    "Klaim dan manfaat JKP bagi pekerja yang kontraknya berakhir sebelum waktunya dan belum dilaporkan",
    "Iuran dan kepesertaan JKP",
    "Penempatan tenaga kerja penyandang disabilitas melalui Unit Layanan Disabilitas di kabupaten/kota",
    "Konseling dan penyuluhan jabatan",
)
WORDS = (
    "Materi sangat jelas, contoh kasusnya membantu pekerjaan saya di dinas.",
    "Waktu tanya jawab kurang lama, mohon ditambah 👍",
    "Contoh kasus keberatan klaim perlu diperbanyak. Narasumber menjawab semua pertanyaan dengan sabar.",
    "Suara narasumber sempat terputus-putus; rekaman dan materi mohon dibagikan setelah sesi.",
    "Bagus.",
    "Tolong sesi berikutnya bahas pelaporan di SIAPkerja langkah demi langkah, karena di tempat kami masih banyak "
    "pekerja yang belum punya akun dan pengantar kerja harus mendampingi dari awal sampai selesai.",
)


def a_question(
    kind: QuestionKind,
    answered: int,
    position: int = 1,
    text: str = "Secara keseluruhan, bagaimana sesi ini?",
    own: tuple[str, ...] = (),
    provinces: tuple[ProvinceResult, ...] = (),
) -> QuestionResult:
    """A question with so many answers, of which the higher options got more."""
    if answered < 5 or kind is QuestionKind.TEXT:
        return QuestionResult(position, position, kind, text, answered, is_hidden=answered < 5)
    labels = options_of(kind, own)
    weights = [(number + 1) ** 2 for number in range(len(labels))]
    counts = [answered * weight // sum(weights) for weight in weights]
    counts[-1] += answered - sum(counts)
    first = 1 if kind is QuestionKind.RATING else 0
    has_mean = kind in (QuestionKind.RATING, QuestionKind.SCALE)
    total = sum((number + first) * count for number, count in enumerate(counts))
    return QuestionResult(
        position,
        position,
        kind,
        text,
        answered,
        is_hidden=False,
        options=tuple(
            OptionResult(label, count, count / answered) for label, count in zip(labels, counts, strict=True)
        ),
        mean=total / answered if has_mean else None,
        good_share=sum(counts[3:]) / answered if kind is QuestionKind.RATING else None,
        nps=round(100 * (sum(counts[9:]) - sum(counts[:7])) / answered)
        if kind is QuestionKind.SCALE
        else None,
        provinces=provinces,
    )


def a_report(answered: int, state: PollState = PollState.CLOSED, *, with_groups: bool = False) -> PollReport:
    """A poll with a question of every kind that so many answered, the open one by a third of them."""
    codes = list(PROVINCES)
    names = tuple(ProvinceResult((code,), 40, 3.4 + number % 9 / 6) for number, code in enumerate(codes[:34]))
    provinces = (*names, ProvinceResult((*codes[34:], ""), 9, 4.2)) if answered >= 1000 else ()
    if 5 <= answered < 1000:
        provinces = (
            ProvinceResult((codes[0],), answered - 5, 4.4),
            ProvinceResult((codes[1], codes[2]), 5, 4.0),
        )
    comments = tuple(WORDS[number % len(WORDS)] for number in range(answered // 3)) if answered >= 15 else ()
    questions = (
        a_question(QuestionKind.RATING, answered, 1, provinces=provinces),
        a_question(
            QuestionKind.SINGLE,
            answered,
            2,
            "Bagaimana lama sesinya?",
            ("Terlalu singkat", "Pas", "Terlalu lama"),
        ),
        a_question(
            QuestionKind.SEVERAL, answered, 3, "Topik apa yang ingin Anda bahas di sesi berikutnya?", SEVERAL
        ),
        a_question(
            QuestionKind.SCALE,
            answered,
            4,
            "Seberapa mungkin Anda menyarankan sesi seperti ini kepada rekan sesama pengantar kerja?",
        ),
        a_question(
            QuestionKind.TEXT, len(comments), 5, "Apa yang paling berguna, dan apa yang perlu kami perbaiki?"
        ),
    )
    group = GroupResult(
        "CoP Pengantar Kerja Jawa Barat",
        questions[0].text,
        tuple(OptionResult(label, 3, 0.2) for label in options_of(QuestionKind.RATING, ())),
        15,
        is_final=True,
        was_deleted=False,
    )
    result = PollResult(
        poll_id=1,
        session_id=1,
        title=TITLE,
        session_starts_at=STARTS_AT,
        state=state,
        opened_at=STARTS_AT + timedelta(hours=2),
        closes_at=STARTS_AT + timedelta(days=2),
        closed_at=STARTS_AT + timedelta(days=2) if state is PollState.CLOSED else None,
        attended=round(answered * 1.1),
        attended_answered=answered,
        asked=round(answered * 1.2),
        answered=answered,
        questions=questions,
        groups=(group,) if with_groups else (),
        comments=comments if state is PollState.CLOSED else (),
    )
    trend = tuple(
        TrendPoint(
            number,
            f"Sesi {number}: klaim JKP",
            STARTS_AT - timedelta(days=28 * (6 - number)),
            None,
            20,
            mean,
            0.5,
        )
        for number, mean in enumerate((3.6, 3.9, None, 4.2, 4.1, 4.4), start=1)
    )
    return PollReport(result, MADE_AT, trend if answered >= 5 else (), tuple(most_used(result.comments)))
