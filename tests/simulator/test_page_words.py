"""Every sentence of the page has its English one, with the same holes."""

import re
from pathlib import Path

import bot.simulator

PAGE = Path(bot.simulator.__file__).parent / "page"
HOLE = re.compile(r"\{\w+\}")
SPOKEN = re.compile(r'\bt\(\s*"((?:[^"\\]|\\.)*)"')
# Sentences that stand in a table and are translated where the table is used.
TABLED = re.compile(
    r'(?:title|note): "([^"]+)"|^  \[[\w."]+, "([^"]+)"\],$|^  \w+: "([^"]+…)",$', re.MULTILINE
)


def english() -> dict[str, str]:
    source = (PAGE / "words_en.js").read_text(encoding="utf-8")
    return dict(re.findall(r'^  "([^"]+)": "([^"]+)",$', source, re.MULTILINE))


def spoken() -> set[str]:
    found: set[str] = set()
    for path in PAGE.glob("*.js"):
        source = path.read_text(encoding="utf-8")
        found.update(SPOKEN.findall(source))
        if path.name in ("tools_trouble.js", "media.js", "action.js"):
            found.update(word for words in TABLED.findall(source) for word in words if word)
    html = (PAGE / "index.html").read_text(encoding="utf-8")
    body = re.sub(r"<!--.*?-->", "", html[html.index("<body>") :], flags=re.DOTALL)
    found.update(text.strip() for text in re.sub(r"<[^>]+>", "\n", body).split("\n") if text.strip())
    found.update(re.findall(r'(?:aria-label|title)="([^"]+)"', body))
    return found


def test_every_sentence_of_the_page_has_its_english_one() -> None:
    found = spoken()

    assert len(found) > 150
    assert found - english().keys() == set()


def test_both_languages_leave_the_same_holes() -> None:
    different = [
        (indonesian, said)
        for indonesian, said in english().items()
        if sorted(HOLE.findall(indonesian)) != sorted(HOLE.findall(said))
    ]

    assert different == []


def test_no_english_sentence_is_left_over() -> None:
    source = "".join(
        path.read_text(encoding="utf-8")
        for path in PAGE.iterdir()
        if path.name != "words_en.js" and path.suffix in (".js", ".html")
    )

    assert [sentence for sentence in english() if sentence not in source] == []
