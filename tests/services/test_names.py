"""Names on an attendance sheet: found, asked, or not on the list; never somebody else."""

import pytest

from bot.services import names
from bot.services.names import Certain, Doubtful, NameList, NoMatch

# As a directory has them, with titles; 1 and 2 are namesakes, 3 to 8 differ in little.
PEOPLE = dict(
    enumerate(
        [
            "Agus Setiawan, S.Sos.",
            "Agus Setiawan, S.H., M.H.",
            "Budi Susanto, S.E.",
            "Budi Susanti",
            "Wahyudi Pratama",
            "Wahyudin Pratama",
            "Rini Handayani, S.Psi.",
            "Rina Handayani",
            "Dr. H. Muhammad Rizki Pratama, S.Sos., M.Si.",
            "Hj. Siti Nurhaliza Rahmawati, S.E., M.M.",
            "Drs. Abdul Rahman Hakim",
            "Abdurrahman Wahid Saputra",
            "Suharto",
            "Sutrisno, A.Md.",
            "Sutrisno Wibowo",
            "Ir. Achmad Fauzi",
            "Dra. Sri Wahyuni, M.Pd.",
            "Dewi Lestari Kusumawardani",
            "I Gede Putu Wirawan",
            "I Made Sudarsana",
            "Ni Luh Putu Ayu Lestari",
            "Ni Wayan Sukerti",
            "Andi Baso Tenriawaru",
            "Andi Nurul Fadilah, S.STP.",
            "Yohanes Kambu",
            "Maria Magdalena Wenda",
            "Yosef Wanggai",
            "Petrus Kaisiepo",
            "Fransiska Xaveria Bria",
            "Robertus Belarminus Lega",
            "Hotman Parulian Sitorus",
            "Togar Simanjuntak",
            "Rotua Br. Sinaga",
            "Tuti Alawiyah",
            "Cut Nyak Meutia",
            "Teuku Zulkifli",
            "Syarifuddin Daeng Ngalle",
            "Nurhayati Daeng Kebo",
            "Zulkarnain Lubis",
            "Fitriyani Oktaviani",
            "Dian Sastrowardoyo",
            "Eko Prasetyo",
            "Eko Prasetyo Utomo",
            "Dwi Agus Nugroho",
            "Tri Wahyu Handoko",
            "Rr. Retno Wulandari",
            "R. Bambang Sutejo",
            "Slamet Riyadi",
            "Slamet Riyanto",
            "Joko Widagdo",
            "Djoko Soetrisno",
            "Soekarno Hatta Yusuf",
            "Yusuf Kalimasada",
            "Lilis Suryani",
            "Lies Suryani",
            "Asep Sunandar Sunarya",
            "Ujang Koswara",
            "Neneng Rosdiyana",
            "Hendra Gunawan Tan",
            "Lim Swie Liong",
            "Khairul Anwar, S.Kom.",
            "Chairul Tanjung Wijaya",
            "Faisal Akbar",
            "Mochamad Faisal Akbar",
            "Thoriq Qomaruddin",
            "Ratna Juwita Sari",
            "Ika Puspita Sari",
            "Nur Aini",
            "Noor Laila Hasanah",
            "Gregorius Ola Tokan",
        ],
        start=1,
    )
)
LIST = NameList(PEOPLE)


def person(name: str) -> int:
    """Who is called exactly so, or whose name alone holds these words."""
    exact = [number for number, written in PEOPLE.items() if written == name]
    (found,) = exact or [number for number, written in PEOPLE.items() if name in written]
    return found


# What stands on the sheet, whose name of the directory holds these words
CERTAIN = [
    ("Muhammad Rizki Pratama", "Rizki Pratama"),
    ("M. Rizki Pratama", "Rizki Pratama"),
    ("Muh. Rizki Pratama, S.Sos", "Rizki Pratama"),
    ("Mohammad Rizky Pratama", "Rizki Pratama"),
    ("MOCH RIZKI PRATAMA", "Rizki Pratama"),
    ("M.Rizki Pratama", "Rizki Pratama"),
    ("Rizki Pratama Muhammad", "Rizki Pratama"),
    ("Pratama, Muhammad Rizki", "Rizki Pratama"),
    ("dr. muhammad rizki pratama", "Rizki Pratama"),
    ("Siti Nurhaliza Rahmawati", "Nurhaliza"),
    ("Hj. Sitti Nurhaliza Rahmawati, SE, MM", "Nurhaliza"),
    ("Siti Nurhaliza R.", "Nurhaliza"),
    ("Abd. Rahman Hakim", "Rahman Hakim"),
    ("Abd Rahman Hakim", "Rahman Hakim"),
    ("Abdurrahman Wahid Saputra", "Abdurrahman"),
    ("Abdur Rahman Wahid Saputra", "Abdurrahman"),
    ("Suharto", "Suharto"),
    ("Bpk Suharto", "Suharto"),
    ("Soeharto", "Suharto"),
    ("Ahmad Fauzi", "Fauzi"),
    ("Akhmad Fauzi", "Fauzi"),
    ("Ir. Achmad Fauzi", "Fauzi"),
    ("Sri Wahyuni", "Sri Wahyuni"),
    ("Dewi Lestari K.", "Kusumawardani"),
    ("Maria M. Wenda", "Wenda"),
    ("Rotua Sinaga", "Sinaga"),
    ("Mochamad Faisal Akbar", "Mochamad"),
    ("Ni Luh Putu Ayu Lestari", "Ayu"),
    ("I Made Sudarsana", "Sudarsana"),
    ("Andi Nurul Fadhilah", "Fadilah"),
    ("Andi Nurul Fadilah S.STP", "Fadilah"),
    ("Yohanes Kambu", "Kambu"),
    ("Kambu Yohanes", "Kambu"),
    ("Syarifudin Daeng Ngalle", "Syarifuddin"),
    ("Fitriani Oktaviani", "Fitriyani"),
    ("Eko Prasetio Utomo", "Utomo"),
    ("Dwi A. Nugroho", "Dwi Agus"),
    ("Retno Wulandari", "Retno"),
    ("R. Bambang Soetedjo", "Sutejo"),
    ("Yohannes Kambuu", "Kambu"),
    ("Hendra G. Tan", "Hendra"),
    ("Nuraini", "Nur Aini"),
    ("Slamet Riyadi", "Riyadi"),
    ("Slamet Riadi", "Riyadi"),
    ("Joko Sutrisno", "Djoko"),
    ("Khairul Anwar", "Khairul"),
    ("Budi Susanto SE", "Susanto"),
    ("Budi Susanti", "Susanti"),
    ("Rina Handayani", "Rina"),
    ("Rini Handayani", "Rini"),
    ("Wahyudin Pratama", "Wahyudin"),
    ("Disnaker Malang_Lilis Suryani", "Lilis"),
    ("Toriq Komarudin", "Thoriq"),
    ("Nur Laila Hasanah", "Laila"),
    ("Budi Susanto - Disnaker Kota Malang", "Susanto"),
    ("[Jatim] Budi Susanto (Disnaker)", "Susanto"),
    ("012_Togar Simanjuntak_Sumut", "Simanjuntak"),
    ("Togar Simanjuntak’s iPhone", "Simanjuntak"),
]

# Shortened, misspelled, or borne by several: who must be among the candidates
DOUBTFUL = [
    ("Agus Setiawan", ["Agus Setiawan, S.Sos.", "Agus Setiawan, S.H., M.H."]),
    ("agus setyawan", ["Agus Setiawan, S.Sos.", "Agus Setiawan, S.H., M.H."]),
    ("Faisal Akbar", ["Faisal Akbar", "Mochamad Faisal Akbar"]),
    ("Eko Prasetyo", ["Eko Prasetyo", "Eko Prasetyo Utomo"]),
    ("Sutrisno", ["Sutrisno, A.Md.", "Sutrisno Wibowo", "Djoko Soetrisno"]),
    ("Budi", ["Budi Susanto, S.E.", "Budi Susanti"]),
    ("Budi S.", ["Budi Susanto, S.E.", "Budi Susanti"]),
    ("B. Susanto", ["Budi Susanto, S.E."]),
    ("Rizki Pratama", ["Rizki Pratama"]),
    ("Rizki", ["Rizki Pratama"]),
    ("Nurhaliza", ["Nurhaliza"]),
    ("Siti Nurhaliza", ["Nurhaliza"]),
    ("Siti Nurhalizah Rahmawati", ["Nurhaliza"]),
    ("Dewi Lestari", ["Kusumawardani"]),
    ("Yohanis Kambu", ["Kambu"]),
    ("Togar Simanjuntk", ["Simanjuntak"]),
    ("Hotman Sitorus", ["Hotman"]),
    ("Gede Wirawan", ["Wirawan"]),
    ("Tenriawaru", ["Tenriawaru"]),
    ("Slamet", ["Slamet Riyadi", "Slamet Riyanto"]),
    ("Suryani", ["Lilis Suryani", "Lies Suryani"]),
    ("Chairul Anwar", ["Khairul Anwar, S.Kom."]),
    ("Wahyudi", ["Wahyudi Pratama"]),
    ("Bambang", ["Bambang"]),
    ("Bambang Sutejo", ["Bambang"]),
    ("Retno W", ["Retno"]),
    ("Zulkarnaen Lubis", ["Zulkarnain"]),
    ("Ratna Sari", ["Ratna"]),
    ("Fransiska Bria", ["Fransiska"]),
    ("Asep Sunandar", ["Asep"]),
    ("Hendra Gunawan", ["Hendra"]),
    ("Thoriq", ["Thoriq"]),
    ("Samsung Galaxy Asep", ["Asep"]),
]


def _listed(text: str) -> list[str]:
    return text.split("|")


# Nobody of the directory
STRANGERS = _listed(
    "Gita Permatasari|Bayu Krisnamurti|Laksmi Paramita|Oscar Lawalata|Ferdinand Hutapea|"
    "Megawati Tambunan|Budi Hartono|Budi Susanta|Agus Salim|Siti Aminah|Muhammad Ali|M. Rizki Maulana|"
    "Muhammad Pratama|Rizki Pratama Putra Wijaya|Sri Mulyani|Dewi Persik|Ahmad Dahlan|Ahmad Fauzan|"
    "Eko Widodo|Rini Soemarno|Rina Nose|Slamet Rahardjo|Joko Anwar|Yohanes Surya|Maria Ulfa|"
    "Hendra Setiawan|Suhartono|Sutrisna|Susanto|Wibowo|Abdul Hakim|Abdul Rahman|Nur Hidayah|"
    "Admin Disnaker|iPhone|Zoom User|Panitia|Operator 1|Budi|A B|.|12345||🙂"
)


@pytest.mark.parametrize(("written", "name"), CERTAIN, ids=[row[0] for row in CERTAIN])
def test_a_name_is_found_whatever_its_titles_spelling_and_order(written: str, name: str) -> None:
    assert LIST.match(written) == Certain(person(name))


@pytest.mark.parametrize(("written", "candidates"), DOUBTFUL, ids=[row[0] for row in DOUBTFUL])
def test_a_name_that_is_not_sure_is_asked_with_the_right_person_among_the_candidates(
    written: str, candidates: list[str]
) -> None:
    found = LIST.match(written)

    assert isinstance(found, Doubtful), found
    assert {person(name) for name in candidates} <= set(found.candidates)
    assert len(found.candidates) <= names.MAX_CANDIDATES


@pytest.mark.parametrize("written", STRANGERS)
def test_a_stranger_is_never_taken_for_somebody(written: str) -> None:
    assert not isinstance(LIST.match(written), Certain)


def test_most_strangers_find_nobody() -> None:
    unmatched = [written for written in STRANGERS if isinstance(LIST.match(written), NoMatch)]

    assert len(unmatched) >= len(STRANGERS) // 2, unmatched


@pytest.mark.parametrize("number", PEOPLE)
def test_everybody_is_found_by_the_name_as_the_directory_has_it(number: int) -> None:
    found = LIST.match(PEOPLE[number])

    assert found == Certain(number) or (isinstance(found, Doubtful) and number in found.candidates)


def test_a_list_as_long_as_the_profession_is_matched_in_a_moment() -> None:
    firsts = [name.split(",")[0] for name in PEOPLE.values()]
    many = NameList({n: f"{firsts[n % 70]} {firsts[n // 70 * 3 % 70]}" for n in range(1712)})

    found = [many.match(PEOPLE[number]) for number in PEOPLE]

    assert len(found) == 70


def test_an_empty_list_matches_nobody() -> None:
    assert NameList[int]({}).match("Budi Susanto") == NoMatch()
