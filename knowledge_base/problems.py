"""What can be wrong with the book, as codes and values.

The sentence an editor reads stands in the catalogues under `kb_problems.<code>`; its placeholders are the
names in `Problem.placeholders()`.
"""

import dataclasses
from collections.abc import Mapping
from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"  # must be mended; where it comes from reading, the entry or register line is left out
    WARNING = "warning"  # the book works, but an editor should look


class Code(StrEnum):
    # files
    FOLDER_MISSING = "folder_missing"
    FILE_MISSING = "file_missing"
    FILE_UNREADABLE = "file_unreadable"
    FILE_NOT_UTF8 = "file_not_utf8"
    FILE_UNEXPECTED = "file_unexpected"
    # YAML, in the words of someone who has never heard of it
    FRONT_MATTER_MISSING = "front_matter_missing"
    FRONT_MATTER_OPEN = "front_matter_open"
    YAML_TAB = "yaml_tab"
    YAML_CHARACTER = "yaml_character"
    YAML_NO_COLON = "yaml_no_colon"
    YAML_NO_SPACE = "yaml_no_space"
    YAML_COLON_IN_VALUE = "yaml_colon_in_value"
    YAML_COMMA = "yaml_comma"
    YAML_BRACKET = "yaml_bracket"
    YAML_QUOTE = "yaml_quote"
    YAML_NEEDS_QUOTES = "yaml_needs_quotes"
    YAML_INDENT = "yaml_indent"
    YAML_UNREADABLE = "yaml_unreadable"
    # keys and values
    NOT_KEYS = "not_keys"
    NOT_A_LIST = "not_a_list"
    NOT_ONE_VALUE = "not_one_value"
    KEY_UNKNOWN = "key_unknown"
    KEY_TWICE = "key_twice"
    KEY_MISSING = "key_missing"
    KEY_EMPTY = "key_empty"
    WORD_UNKNOWN = "word_unknown"
    DATE_NOT_ISO = "date_not_iso"
    DATE_IMPOSSIBLE = "date_impossible"
    COLON_IN_NAME = "colon_in_name"
    REGISTERED_TWICE = "registered_twice"
    TITLE_LONG = "title_long"
    SYNONYMS_FEW = "synonyms_few"
    # headings and their parts
    QUESTION_MISSING = "question_missing"
    VERSION_MISSING = "version_missing"
    HEADING_UNKNOWN = "heading_unknown"
    HEADING_TWICE = "heading_twice"
    HEADING_OUTSIDE_VERSION = "heading_outside_version"
    SECTION_MISSING = "section_missing"
    SECTION_EMPTY = "section_empty"
    TEXT_OUTSIDE = "text_outside"
    NOT_A_LIST_LINE = "not_a_list_line"
    CITATION_FORM = "citation_form"
    SOURCE_FORM = "source_form"
    REMARK_IN_LINE = "remark_in_line"
    # ids
    ID_FORM = "id_form"
    ID_LONG = "id_long"
    ID_NOT_FILE_NAME = "id_not_file_name"
    ID_TWICE = "id_twice"
    # markup
    MARKUP_OPEN = "markup_open"
    MARKUP_SPACED = "markup_spaced"
    MARKUP_UNKNOWN = "markup_unknown"
    MARKUP_AFTER_LIST = "markup_after_list"
    # rules every entry obeys
    QUESTION_LONG = "question_long"
    PHRASING_LONG = "phrasing_long"
    ANSWER_LONG = "answer_long"
    DETAIL_LONG = "detail_long"
    VERSION_ENDS_BEFORE_START = "version_ends_before_start"
    VERSIONS_SAME_START = "versions_same_start"
    VERSIONS_OVERLAP = "versions_overlap"
    LEGAL_BASIS_MISSING = "legal_basis_missing"
    SOURCES_MISSING = "sources_missing"
    REVIEW_NOT_AFTER = "review_not_after"
    # the book as a whole
    TOPIC_UNKNOWN = "topic_unknown"
    BOOK_UNKNOWN = "book_unknown"
    WRONG_FOLDER = "wrong_folder"
    RELATED_UNKNOWN = "related_unknown"
    RELATED_SELF = "related_self"
    REGULATION_UNKNOWN = "regulation_unknown"
    SOURCE_UNKNOWN = "source_unknown"
    PHRASING_TWICE = "phrasing_twice"
    PHRASING_SHARED = "phrasing_shared"
    ALIAS_SHARED = "alias_shared"
    ALIAS_IS_PHRASING = "alias_is_phrasing"
    PHRASINGS_ALIKE = "phrasings_alike"
    PHRASING_NOT_FOUND = "phrasing_not_found"
    ENTRY_HARD_TO_FIND = "entry_hard_to_find"
    PHRASINGS_FEW = "phrasings_few"
    TERM_TO_AVOID = "term_to_avoid"
    REVIEWED_IN_FUTURE = "reviewed_in_future"
    REVIEW_OVERDUE = "review_overdue"
    NO_VERSION_TODAY = "no_version_today"


WARNINGS = frozenset(
    {
        Code.FILE_UNEXPECTED,
        Code.ALIAS_IS_PHRASING,
        Code.PHRASINGS_ALIKE,
        Code.ENTRY_HARD_TO_FIND,
        Code.PHRASINGS_FEW,
        Code.REVIEW_OVERDUE,
        Code.NO_VERSION_TODAY,
    }
)


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    path: str  # relative to the content folder, with "/"; "" for what does not come from a file
    line: int  # from 1; 0 for what does not come from a file


NOWHERE = Place("", 0)


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    path: str
    line: int
    field: str  # the key or heading as the file spells it; "" when the problem is not in one field
    code: Code
    values: Mapping[str, str | int] = dataclasses.field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        return Severity.WARNING if self.code in WARNINGS else Severity.ERROR

    def placeholders(self) -> dict[str, str | int]:
        """What `str.format` fills the sentence of `kb_problems.<code>` with."""
        return {"file": self.path, "line": self.line, "field": self.field, **self.values}


class Report:
    """Collects the problems of one file."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.problems: list[Problem] = []

    def add(self, code: Code, line: int, field: str = "", **values: str | int) -> None:
        self.problems.append(Problem(self.path, line, field, code, values))

    @property
    def error_count(self) -> int:
        return sum(problem.severity is Severity.ERROR for problem in self.problems)


class Places:
    """Where in the files a part of the book stands; an unknown part stands where its whole does."""

    def __init__(self) -> None:
        self._places: dict[tuple[str | int, ...], Place] = {}

    def put(self, place: Place, *part: str | int) -> None:
        self._places.setdefault(part, place)

    def adopt(self, other: "Places", *whole: str | int) -> None:
        """Take over another map, its parts becoming parts of `whole`."""
        for part, place in other._places.items():
            self._places[(*whole, *part)] = place

    def of(self, *part: str | int) -> Place:
        while part and part not in self._places:
            part = part[:-1]
        return self._places.get(part, NOWHERE)
