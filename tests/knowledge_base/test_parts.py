from knowledge_base.parts import MAX_CUTS, MAX_WINDOWS, cuts, windows


def test_a_message_is_cut_at_the_question_mark_first() -> None:
    assert list(cuts("klaim di mana? terus cair kapan, dan berapa")) == [
        ("klaim di mana?", "terus cair kapan, dan berapa"),
        ("klaim di mana?", "cair kapan, dan berapa"),
        ("klaim di mana? terus cair kapan", "berapa"),
    ]


def test_one_question_has_no_cut() -> None:
    assert list(cuts("cara klaim jkp?")) == []


def test_an_endless_message_is_looked_at_in_few_places() -> None:
    assert len(list(cuts("apa, siapa, kapan, " * 200))) == MAX_CUTS


def test_a_short_question_has_no_windows() -> None:
    assert windows("Saya kena PHK. Bisa klaim?") == []


def test_a_story_is_searched_by_its_sentences() -> None:
    story = "Saya bekerja di pabrik selama tiga tahun. Bulan lalu pabrik tutup. Apa saya bisa klaim JKP?"

    assert windows(story) == [
        "Saya bekerja di pabrik selama tiga tahun",
        "Bulan lalu pabrik tutup",
        "Apa saya bisa klaim JKP",
    ]


def test_a_sentence_without_end_is_searched_in_overlapping_stretches() -> None:
    words = [f"kata{number}" for number in range(30)]

    stretches = windows(" ".join(words))

    assert stretches[0].split() == words[:12]
    assert stretches[1].split() == words[6:18]
    assert {word for stretch in stretches for word in stretch.split()} == set(words)


def test_the_number_of_windows_is_bounded() -> None:
    assert len(windows("kata lagi " * 400)) == MAX_WINDOWS


def test_no_cut_goes_through_a_number_or_a_law() -> None:
    assert list(cuts("apa isi PP 6/2025 soal 0,36 persen")) == []


def test_blanks_do_not_hide_a_joint() -> None:
    assert list(cuts("klaim di mana   dan \t cair kapan")) == [("klaim di mana", "cair kapan")]
