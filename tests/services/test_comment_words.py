"""The words that comments share."""

from bot.services.comment_words import most_used


def test_a_word_counts_once_a_comment_and_only_what_two_people_wrote_is_a_common_word() -> None:
    comments = ["Materi materi MATERI bagus", "materinya jelas, materi lengkap", "Suara putus"]

    assert most_used(comments) == [("materi", 2)]


def test_words_that_say_nothing_and_masked_numbers_are_passed_over() -> None:
    comments = ["Yang saya suka: waktu diskusi [NIK] 2026", "saya kira diskusi itu perlu, kak [NIK] 2026"]

    assert most_used(comments) == [("diskusi", 2)]


def test_shortened_words_count_as_what_they_mean() -> None:
    assert most_used(["tdk jelas", "kurang jelas, tidak terdengar"]) == [("jelas", 2), ("tidak", 2)]


def test_the_commonest_come_first_and_no_more_than_asked_for() -> None:
    comments = ["durasi pendek", "durasi pendek sekali, tambah contoh", "durasi, contoh"]

    assert most_used(comments) == [("durasi", 3), ("contoh", 2), ("pendek", 2)]
    assert most_used(comments, limit=1) == [("durasi", 3)]
