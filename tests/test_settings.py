"""Settings: what the surroundings may say, and what is said back when they are wrong."""

import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.settings import Settings, SettingsFault, read_language, read_settings
from bot.texts import texts

ROOT = Path(__file__).parents[1]
GOOD = {"BOT_TOKEN": "1:abc"}


@pytest.fixture(autouse=True)
def _empty_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_a_token_alone_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", "1:abc")

    settings = read_settings()

    assert settings.bot_api_url == "https://api.telegram.org"
    assert settings.database_url == "sqlite+aiosqlite:///data/tanyacop.db"
    assert settings.owner_ids == ()
    assert settings.default_language == "id"


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("BOT_TOKEN=1:from-the-file\nOWNER_IDS=7, 8\n")
    monkeypatch.setenv("BOT_TOKEN", "2:from-the-environment")

    settings = read_settings()

    assert settings.bot_token.get_secret_value() == "2:from-the-environment"
    assert settings.owner_ids == (7, 8)


def test_the_language_of_the_command_line_needs_no_other_setting() -> None:
    Path(".env").write_text("DEFAULT_LANGUAGE=en\n")

    assert read_language() == "en"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT_TOKEN", ""),
        ("BOT_TOKEN", "no-colon"),
        ("BOT_API_URL", "api.telegram.org"),
        ("DATABASE_URL", "mysql://localhost/x"),
        ("OWNER_IDS", "me"),
        ("DEFAULT_LANGUAGE", "fr"),
        ("LOG_LEVEL", "LOUD"),
        ("WEBHOOK_URL", "bot.example.org"),
        ("WEBHOOK_PORT", "eighty"),
        ("LEASE_SECONDS", "0"),
        ("MESSAGES_PER_SECOND", "0"),
        ("PRIVATE_MESSAGES_PER_SECOND", "-7"),
        ("REPLY_BURST", "three"),
        ("GROUP_MESSAGES_PER_MINUTE", "0.5"),
        ("PAID_MESSAGES_PER_SECOND", "-7"),
        ("EDITS_COUNT_OVERALL", "perhaps"),
    ],
)
def test_a_wrong_value_names_the_variable_and_keeps_the_value_to_itself(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    for each, good in (GOOD | {name: value}).items():
        monkeypatch.setenv(each, good)

    with pytest.raises(SettingsFault) as caught:
        read_settings()

    sentence = texts("id").plain(f"settings.{caught.value.fault.value}", name=caught.value.name)
    assert caught.value.name == name
    assert sentence.startswith(name)
    assert not value or value not in str(caught.value)


@pytest.mark.parametrize("secret", ["", "short", "with spaces in it, and long"])
def test_a_webhook_without_a_good_secret_is_refused(monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    given = GOOD | {"WEBHOOK_URL": "https://bot.example.org", "WEBHOOK_SECRET": secret}
    for name, value in given.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(SettingsFault) as caught:
        read_settings()

    assert caught.value.name == "WEBHOOK_SECRET"


def test_the_example_file_mirrors_the_settings_line_by_line() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()[2:]
    written = [
        (name, description.removeprefix("# "))
        for description, assignment in zip(lines[::2], lines[1::2], strict=True)
        for name in [assignment.partition("=")[0]]
    ]

    assert written == [(name.upper(), field.description) for name, field in Settings.model_fields.items()]


def test_the_example_files_values_are_the_defaults() -> None:
    values = dict(re.findall(r"^([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))

    for name, field in Settings.model_fields.items():
        default = "" if field.is_required() or field.default in ((), SecretStr("")) else str(field.default)
        if isinstance(field.default, bool):
            default = default.lower()
        assert values[name.upper()] == default
