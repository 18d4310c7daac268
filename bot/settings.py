"""Every value that the surroundings may set: name, type, unit, default and meaning.

`.env.example` mirrors this file line by line (a test compares the two). Read once, in `bot/cli.py`.
"""

import enum
import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
DATABASE_SCHEMES = ("sqlite+aiosqlite://", "postgresql+asyncpg://")


class Fault(enum.Enum):
    """What is wrong with a value; the value is the key of its sentence below `settings.` in the catalogues."""

    MISSING = "missing"
    TOKEN = "token"  # noqa: S105  # the name of a fault, not a secret
    URL = "url"
    DATABASE = "database"
    OWNERS = "owners"
    LANGUAGE = "language"
    WEBHOOK_URL = "webhook_url"
    WEBHOOK_SECRET = "webhook_secret"  # noqa: S105  # the name of a fault, not a secret
    NUMBER = "number"
    LOG_LEVEL = "log_level"
    RATE = "rate"
    PAID_RATE = "paid_rate"
    SWITCH = "switch"
    TEXT = "text"


class SettingsFault(Exception):
    """A value is missing or malformed: `name` is the variable, `fault` says how."""

    def __init__(self, name: str, fault: Fault) -> None:
        super().__init__(f"{name}: {fault.value}")
        self.name = name
        self.fault = fault


class Settings(BaseModel):
    """The values themselves, wherever they come from."""

    model_config = ConfigDict(frozen=True, validate_default=True)

    bot_token: Annotated[
        SecretStr, Field(description="The token that @BotFather gives: digits, a colon, letters.")
    ]
    bot_api_url: Annotated[
        str, Field(description="Root of the Bot API server; /bot<token> and /file/bot<token> follow from it.")
    ] = "https://api.telegram.org"
    database_url: Annotated[
        str,
        Field(
            description="SQLAlchemy async URL: sqlite+aiosqlite:///file or postgresql+asyncpg://user@host/name."
        ),
    ] = "sqlite+aiosqlite:///data/tanyacop.db"
    owner_ids: Annotated[
        tuple[int, ...],
        NoDecode,
        Field(description="Telegram ids of the owners, separated by commas; they get notices of errors."),
    ] = ()
    default_language: Annotated[
        Literal["id", "en"], Field(description="Language of people who have not chosen one: id or en.")
    ] = "id"
    webhook_url: Annotated[
        str,
        Field(
            description="Public https address that reaches this program; /telegram is added. Empty: long polling."
        ),
    ] = ""
    webhook_secret: Annotated[
        SecretStr,
        Field(description="What Telegram has to say with every update: 16 to 256 of A-Z a-z 0-9 _ and -."),
    ] = SecretStr("")
    webhook_host: Annotated[str, Field(description="Address on which the webhook listens.")] = "127.0.0.1"
    webhook_port: Annotated[
        int, Field(ge=0, le=65535, description="Port on which the webhook listens; 0 picks a free one.")
    ] = 8080
    lease_seconds: Annotated[
        float,
        Field(
            gt=0,
            le=12,
            description="Seconds of silence after which a process counts as dead and another takes over.",
        ),
    ] = 10.0
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"],
        Field(description="How much the log says: DEBUG, INFO, WARNING or ERROR."),
    ] = "INFO"
    messages_per_second: Annotated[
        int, Field(ge=1, description="Messages a second to all chats together; Telegram takes 30.")
    ] = 30
    private_messages_per_second: Annotated[
        int, Field(ge=1, description="Messages a second to one person; Telegram takes 1.")
    ] = 1
    reply_burst: Annotated[
        int, Field(ge=1, description="Replies that one person may get at once, ahead of that rate.")
    ] = 3
    group_messages_per_minute: Annotated[
        int, Field(ge=1, description="Messages a minute to one group or channel; Telegram takes 20.")
    ] = 20
    paid_messages_per_second: Annotated[
        int,
        Field(
            ge=0,
            le=1000,
            description="Bulk messages a second by paid broadcast, which costs Telegram Stars; 0 to 1000, 0 for none.",
        ),
    ] = 0
    edits_count_overall: Annotated[
        bool, Field(description="Whether edits count as messages to all chats, true or false.")
    ] = False

    announce_alone_up_to: Annotated[
        int,
        Field(
            ge=0,
            description="Recipients up to which one organiser may announce alone; above it a second one approves.",
        ),
    ] = 500

    certificate_template: Annotated[
        str,
        Field(
            description="TOML file that says what certificates look like, with its picture beside it. Empty: ours."
        ),
    ] = ""

    FAULTS: ClassVar[Mapping[str, Fault]] = {
        "bot_token": Fault.TOKEN,
        "bot_api_url": Fault.URL,
        "database_url": Fault.DATABASE,
        "owner_ids": Fault.OWNERS,
        "default_language": Fault.LANGUAGE,
        "webhook_url": Fault.WEBHOOK_URL,
        "webhook_secret": Fault.WEBHOOK_SECRET,
        "webhook_host": Fault.URL,
        "webhook_port": Fault.NUMBER,
        "lease_seconds": Fault.NUMBER,
        "log_level": Fault.LOG_LEVEL,
        "messages_per_second": Fault.RATE,
        "private_messages_per_second": Fault.RATE,
        "reply_burst": Fault.RATE,
        "group_messages_per_minute": Fault.RATE,
        "paid_messages_per_second": Fault.PAID_RATE,
        "edits_count_overall": Fault.SWITCH,
        "announce_alone_up_to": Fault.NUMBER,
        "certificate_template": Fault.TEXT,
    }

    @field_validator("bot_token")
    @classmethod
    def _token_has_its_form(cls, value: SecretStr) -> SecretStr:
        if not TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError
        return value

    @field_validator("bot_api_url")
    @classmethod
    def _url_is_a_root(cls, value: str) -> str:
        if not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", value):
            raise ValueError
        return value.rstrip("/")

    @field_validator("webhook_url")
    @classmethod
    def _webhook_is_a_root(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", value):
            raise ValueError
        return value.rstrip("/")

    @field_validator("webhook_secret")
    @classmethod
    def _secret_has_its_form(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        # Without it anybody who finds the address could speak for everybody.
        is_fine = re.fullmatch(r"[A-Za-z0-9_-]{16,256}", value.get_secret_value())
        if info.data.get("webhook_url") and not is_fine:
            raise ValueError
        return value

    @field_validator("database_url")
    @classmethod
    def _database_is_known(cls, value: str) -> str:
        if not value.startswith(DATABASE_SCHEMES):
            raise ValueError
        return value

    @field_validator("owner_ids", mode="before")
    @classmethod
    def _owners_are_numbers(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(int(part) for part in value.split(",") if part.strip())
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _level_in_capitals(cls, value: Any) -> Any:
        return value.upper() if isinstance(value, str) else value


class _Surroundings(Settings, BaseSettings):
    """Environment variables win over `.env`; neither file nor variable is needed where a default stands."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True)


class _Language(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env", extra="ignore")

    default_language: str = "id"


def read_language() -> str:
    """The language in which the command line speaks, whatever else the settings hold."""
    return _Language().default_language


def read_settings() -> Settings:
    """The settings of this process.

    Raises `SettingsFault` for the first value that is missing or malformed; the offending value is not repeated,
    since it may be a secret.
    """
    try:
        return _Surroundings()  # type: ignore[call-arg]  # the values come from the surroundings
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        field = str(first["loc"][0])
        fault = Fault.MISSING if first["type"] == "missing" else Settings.FAULTS[field]
    raise SettingsFault(field.upper(), fault)
