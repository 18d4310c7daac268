"""The catalogues: complete in both languages, every key used, every sentence fit for its place."""

import ast
import re
import string
from pathlib import Path

import pytest

from bot.simulator import markup
from bot.texts import LANGUAGES, Texts, texts

ROOT = Path(__file__).parents[1]
SOURCES = [*ROOT.glob("bot/**/*.py"), *ROOT.glob("handlers/**/*.py")]
PLAIN = re.compile(
    r"^(settings|source_table|startup|calendar|commands|cli|demo|islands|kb_problems)\.|\.(buttons|alerts|reasons)\.|^inline\."
)


def _placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def _keys_in_code() -> tuple[set[str], set[str]]:
    """Keys that stand in the code as a whole, and beginnings of keys whose end is computed."""
    whole, beginnings = set(), set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
            elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                beginnings.add(str(node.values[0].value))
    return whole, {each for each in beginnings if each.count(".") >= 1 and re.fullmatch(r"[a-z_.]+", each)}


def test_both_catalogues_have_the_same_keys() -> None:
    indonesian, english = (set(texts(language).sentences) for language in LANGUAGES)

    assert indonesian - english == set()
    assert english - indonesian == set()


def test_both_catalogues_have_the_same_placeholders() -> None:
    indonesian, english = (texts(language).sentences for language in LANGUAGES)

    differing = [key for key in indonesian if _placeholders(indonesian[key]) != _placeholders(english[key])]

    assert differing == []


def test_every_key_is_used() -> None:
    whole, beginnings = _keys_in_code()

    unused = [
        key
        for key in texts("id").sentences
        if key not in whole and not any(key.startswith(beginning) for beginning in beginnings)
    ]

    assert unused == []


def test_every_key_in_the_code_is_in_the_catalogue() -> None:
    sections = {key.partition(".")[0] for key in texts("id").sentences}
    called = {
        str(node.args[0].value)
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"html", "plain"}
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }

    assert len(called) > 40
    assert {key for key in called if not texts("id").has(key)} == set()
    assert {key.partition(".")[0] for key in called} <= sections


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_goes_into_a_message_is_markup_that_telegram_accepts(language: str) -> None:
    catalogue = texts(language)

    for key in catalogue.sentences:
        if not PLAIN.search(key):
            markup.parse(catalogue.html(key, **_some_values(catalogue, key)), "HTML", None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_goes_onto_a_button_or_into_an_alert_is_plain_and_fits(language: str) -> None:
    for key, sentence in texts(language).sentences.items():
        if not PLAIN.search(key):
            continue
        assert not re.search(r"</?[a-z]", sentence), key
        if ".buttons." in key or ".reasons." in key or key.startswith("islands."):
            assert len(sentence) <= 40, key
        if ".alerts." in key:
            assert len(sentence) <= 200, key  # Bot API, answerCallbackQuery
        if key.startswith("commands."):
            assert 3 <= len(sentence) <= 256, key  # Bot API, BotCommand


def _some_values(catalogue: Texts, key: str) -> dict[str, object]:
    return dict.fromkeys(_placeholders(catalogue.sentences[key]), "<b>&")
