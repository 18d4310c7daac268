import html
import re
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.simulator.markup import detect, parse, utf16_length
from bot.simulator.refusal import Refused
from bot.simulator.spans import clean_text

Entity = tuple[str, str]


def shown(text: str, entities: list[dict[str, Any]]) -> list[Entity]:
    """Each entity as its type and the text that it covers."""
    units = text.encode("utf-16-le")
    return [
        (each["type"], units[2 * each["offset"] : 2 * (each["offset"] + each["length"])].decode("utf-16-le"))
        for each in entities
    ]


def refusal(text: str, parse_mode: str | None = None, entities: list[dict[str, Any]] | None = None) -> str:
    with pytest.raises(Refused) as refused:
        parse(text, parse_mode, entities)
    assert refused.value.code == 400
    return refused.value.description.removeprefix("Bad Request: ")


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("<b>a</b> <strong>b</strong>", "a b", [("bold", "a"), ("bold", "b")]),
        (
            "<i>a</i><u>b</u><s>c</s><del>d</del>",
            "abcd",
            [("italic", "a"), ("underline", "b"), ("strikethrough", "cd")],
        ),
        (
            "<tg-spoiler>a</tg-spoiler> <span class='tg-spoiler'>b</span>",
            "a b",
            [("spoiler", "a"), ("spoiler", "b")],
        ),
        ("😀<b>👍x</b>", "😀👍x", [("bold", "👍x")]),
        ("1 &lt; 2 &amp;&amp; &#50; &#x3e; &quot;", '1 < 2 && 2 > "', []),
        ("&nbsp; &apos; &lt", "&nbsp; &apos; <", []),
        ("<B CLASS=x>a</>", "a", [("bold", "a")]),
        ("<b></b>x", "x", []),
        ("<pre>a <code>b</code></pre>", "a b", [("pre", "a b")]),
        ("<code>a <b>b</b></code>", "a b", [("code", "a b")]),
        ("<b>a</b><b>b</b>", "ab", [("bold", "ab")]),
        ("<b>a<i>b</i>c</b>", "abc", [("bold", "a"), ("bold", "bc"), ("italic", "b")]),
        (
            "<blockquote>a<blockquote>b</blockquote></blockquote>",
            "ab",
            [("blockquote", "ab")],
        ),
        (
            "<blockquote expandable>a\n<b>b</b></blockquote>",
            "a\nb",
            [("expandable_blockquote", "a\nb"), ("bold", "b")],
        ),
        ("<a href='x.id'>a <b>b</b></a>", "a b", [("text_link", "a b"), ("bold", "b")]),
        ("<a>t.me</a> <a href='nowhere'>b</a>", "t.me b", [("text_link", "t.me")]),
        # What is marked keeps its leading blank.
        ("  <b> a</b>  \n", " a", [("bold", " a")]),
    ],
)
def test_html_becomes_text_and_entities(source: str, text: str, expected: list[Entity]) -> None:
    result, entities = parse(source, "HTML", None)

    assert (result, shown(result, entities)) == (text, expected)


def test_html_details_are_kept_in_telegrams_form() -> None:
    source = (
        '<a href="HTTPS://T.me">a</a><a href="tg://user?id=7">b</a>'
        '<pre><code class="language-py">c</code></pre><tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>'
        '<tg-time unix="1700000000" format="tDw">d</tg-time><tg-time unix="1700000000">e</tg-time>'
    )

    text, entities = parse(source, "html", None)

    assert text == "abc👍de"
    assert entities == [
        {"type": "text_link", "offset": 0, "length": 1, "url": "https://t.me/"},
        {"type": "text_mention", "offset": 1, "length": 1, "user": {"id": 7}},
        {"type": "pre", "offset": 2, "length": 1, "language": "py"},
        {"type": "custom_emoji", "offset": 3, "length": 2, "custom_emoji_id": "5368324170671202286"},
        {"type": "date_time", "offset": 5, "length": 1, "unix_time": 1700000000, "date_time_format": "wDt"},
        {"type": "date_time", "offset": 6, "length": 1, "unix_time": 1700000000},
    ]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("é <foo>x</foo>", 'Unsupported start tag "foo" at byte offset 3'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("<br/>", 'Unsupported start tag "br/" at byte offset 0'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href='x", "Unclosed start tag at byte offset 0"),
        ("<a href=x/y>z</a>", "Unexpected end of name token at byte offset 8"),
        ("<a =x>z</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<tg-emoji emoji-id='x'>x</tg-emoji>", "Invalid custom emoji identifier specified"),
        ("<tg-time unix='1' format='x'>x</tg-time>", "Invalid date format used"),
        ("a\0b", "Text must not contain null bytes"),
        (
            "&#xd83d;x",
            "Text contains invalid Unicode characters after decoding HTML entities, "
            "check for unmatched surrogate code units",
        ),
    ],
)
def test_wrong_html_is_refused_in_telegrams_words(source: str, reason: str) -> None:
    assert refusal(source, "HTML") == f"can't parse entities: {reason}"


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("*a* _b_ __c__ ~d~ ||e||", "a b c d e", ["bold", "italic", "underline", "strikethrough", "spoiler"]),
        (r"1\. \*a\* \\", "1. *a* \\", []),
        ("`a.b*` ", "a.b*", ["code"]),
        ("```py\nx = 1\n```", "x = 1", ["pre"]),
        ("*a _b_*", "a b", ["bold", "bold", "italic"]),
        ("___a_ b__", "a b", ["underline", "italic"]),
        (r"[a](http://x.id/\))", "a", ["text_link"]),
        ("[a](nowhere)", "a", []),
        (">a\n>b\nc", "a\nb\nc", ["blockquote"]),
        (">a\n>b||\nc", "a\nb\nc", ["expandable_blockquote"]),
        (">a||", "a", ["expandable_blockquote"]),
        (">a\n**>b", "a\nb", ["blockquote", "blockquote"]),
        ("![a](tg://emoji?id=5)", "a", ["custom_emoji"]),
        ("![a](tg://time?unix=5&format=r)", "a", ["date_time"]),
    ],
)
def test_markdown_v2_becomes_text_and_entities(source: str, text: str, expected: list[str]) -> None:
    result, entities = parse(source, "MarkdownV2", None)

    assert (result, [each["type"] for each in entities]) == (text, expected)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        *(
            (f"a{c}", f"Character '{c}' is reserved and must be escaped with the preceding '\\'")
            for c in ".!-=+#(){}>|]"
        ),
        ("é*a", "Can't find end of Bold entity at byte offset 2"),
        ("_a", "Can't find end of Italic entity at byte offset 0"),
        ("__a", "Can't find end of Underline entity at byte offset 0"),
        ("~a", "Can't find end of Strikethrough entity at byte offset 0"),
        ("||a", "Can't find end of Spoiler entity at byte offset 0"),
        ("`a", "Can't find end of Code entity at byte offset 0"),
        ("```a", "Can't find end of Pre entity at byte offset 0"),
        ("```py\na", "Can't find end of PreCode entity at byte offset 0"),
        ("[a", "Can't find end of TextUrl entity at byte offset 0"),
        (">*a\nb*", "Can't find end of Bold entity at byte offset 1"),
        ("[a](b", "Can't find end of a URL at byte offset 4"),
        (r"[a](b\)", "Can't find end of a URL at byte offset 4"),
        ("![a]", "The entity must contain a tg://emoji or tg://time URL"),
        ("![a](x.id)", "Invalid tg://emoji or tg://time URL specified"),
    ],
)
def test_wrong_markdown_v2_is_refused_in_telegrams_words(source: str, reason: str) -> None:
    assert refusal(source, "MarkdownV2") == f"can't parse entities: {reason}"


def test_an_address_with_escapes_takes_linear_time() -> None:
    assert "Can't find end of a URL" in refusal("[a](" + "\\a" * 5000, "MarkdownV2")


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("*a* _b_ `c` [d](x.id)", "a b c d", ["bold", "italic", "code", "text_link"]),
        ("```py\nx\n```", "x", ["pre"]),
        ("*a _b* c", "a _b c", ["bold"]),
        (r"a\_b \- \*", r"a_b \- *", []),
        ("**a", "a", []),
    ],
)
def test_legacy_markdown_nests_nothing(source: str, text: str, expected: list[str]) -> None:
    result, entities = parse(source, "Markdown", None)

    assert (result, [each["type"] for each in entities]) == (text, expected)


def test_legacy_markdown_without_an_end_is_refused() -> None:
    reason = "can't parse entities: Can't find end of the entity starting at byte offset 1"

    assert refusal("a_b", "Markdown") == reason


def test_an_unknown_parse_mode_is_refused() -> None:
    assert refusal("a", "BBCode") == "unsupported parse_mode"


def test_the_parse_mode_wins_over_entities() -> None:
    given_too = [{"type": "bold", "offset": 0, "length": 1}]

    assert parse("<i>a</i>", "HTML", given_too) == ("a", [{"type": "italic", "offset": 0, "length": 1}])


@pytest.mark.parametrize(
    ("entity", "reason"),
    [
        (
            {"type": "bold", "offset": 9, "length": 1},
            "entity begins after the end of the text at UTF-16 offset 9",
        ),
        (
            {"type": "bold", "offset": 2, "length": 9},
            "entity beginning at UTF-16 offset 2 ends after the end of the text at UTF-16 offset 11",
        ),
        (
            {"type": "bold", "offset": 1, "length": 2},
            "entity begins in a middle of a UTF-16 symbol at byte offset 4",
        ),
        ({"type": "bold", "offset": -1, "length": 1}, "receive an entity with incorrect offset -1"),
        ({"type": "bold", "offset": 0, "length": -1}, "receive an entity with incorrect length -1"),
        ({"type": "bold", "length": 1}, "can't parse MessageEntity: Can't find field \"offset\""),
        (
            {"type": "bold", "offset": "0", "length": 1},
            'can\'t parse MessageEntity: Field "offset" must be of type Number',
        ),
        ({"type": "big", "offset": 0, "length": 1}, "can't parse MessageEntity: Unsupported type specified"),
        (
            {"type": "text_link", "offset": 0, "length": 2},
            "can't parse MessageEntity: Can't find field \"url\"",
        ),
        (
            {"type": "text_link", "offset": 0, "length": 2, "url": "x"},
            "entity URL 'x' is invalid: Wrong HTTP URL",
        ),
        (
            {"type": "text_link", "offset": 0, "length": 2, "url": ""},
            "entity URL '' is invalid: URL host is empty",
        ),
        ({"type": "text_mention", "offset": 0, "length": 2, "user": {"id": 0}}, "user not found"),
        (
            {"type": "custom_emoji", "offset": 0, "length": 2, "custom_emoji_id": "9999999999999999999"},
            'can\'t parse MessageEntity: Field "custom_emoji_id" must be a valid Number',
        ),
        ({"type": "date_time", "offset": 0, "length": 2, "unix_time": 0}, "invalid date specified"),
    ],
)
def test_wrong_entities_are_refused_in_telegrams_words(entity: dict[str, Any], reason: str) -> None:
    assert refusal("😀abcd", None, [entity]) == reason


def test_given_entities_are_sorted_and_follow_their_text() -> None:
    entities = [
        {"type": "italic", "offset": 7, "length": 1},
        {"type": "text_link", "offset": 3, "length": 1, "url": "x.id"},
        {"type": "bold", "offset": 5, "length": 0},
        {"type": "mention", "offset": 3, "length": 1},
    ]

    text, kept = parse(" \r\na\u202eb c \n", None, entities)

    assert text == "ab c"
    assert kept == [
        {"type": "text_link", "offset": 0, "length": 1, "url": "http://x.id/"},
        {"type": "italic", "offset": 3, "length": 1},
    ]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("  a \n b \n", "a \n b"),
        ("a\tb\x07c", "a b c"),
        ("a\r\nb", "a\nb"),
        ("a\u2028\u202eb", "ab"),
        ("a\u200f\u200f\u200eb", "a\u200c\u200c\u200eb"),
    ],
)
def test_what_telegram_never_lets_through_is_gone(source: str, text: str) -> None:
    assert parse(source, None, None) == (text, [])


@pytest.mark.parametrize("source", ["   ", "\n", "\u200b\u200e", "\u2800", "\ufeff\u00a0"])
def test_a_text_of_which_nothing_is_seen_is_refused(source: str) -> None:
    assert refusal(source) == "text must be non-empty"
    assert parse(source, None, None, empty=None) == ("", [])


def test_a_missing_text_is_refused_in_the_callers_words() -> None:
    with pytest.raises(Refused, match="Bad Request: question is empty"):
        parse("", None, None, empty="question is empty")
    assert parse("", None, None, empty=None) == ("", [])


def test_markup_around_nothing_is_no_text() -> None:
    assert refusal("<b> </b>", "HTML") == "text must be non-empty"


def test_half_a_surrogate_pair_is_no_text() -> None:
    assert refusal("a\ud83d") == "strings must be encoded in UTF-8"


def test_a_source_of_more_than_32768_bytes_is_not_read() -> None:
    assert refusal("é" * 16385) == "text is too long"


def test_only_a_hundred_entities_are_kept() -> None:
    text, entities = parse("<b>a</b> " * 150, "HTML", None)

    assert (len(text), len(entities)) == (299, 100)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@tanya, @ab @gif x@tanya", [("mention", "@tanya"), ("mention", "@gif")]),
        ("#jkp #12 #a#b #jkp@tanya_cop a#b", [("hashtag", "#jkp"), ("hashtag", "#jkp@tanya_cop")]),
        ("$USD $usd $ABCDEFGHI", [("cashtag", "$USD")]),
        (
            "/start /help@tanya_bot a/b /x@y //z",
            [("bot_command", "/start"), ("bot_command", "/help@tanya_bot")],
        ),
        ("a.b@kemnaker.go.id.", [("email", "a.b@kemnaker.go.id")]),
        ("+62 812-3456-7890 dan 3173012345678901", [("phone_number", "+62 812-3456-7890")]),
        ("(lihat kemnaker.go.id/jkp?a=1).", [("url", "kemnaker.go.id/jkp?a=1")]),
        ("https://id.wikipedia.org/wiki/A_(b), x", [("url", "https://id.wikipedia.org/wiki/A_(b)")]),
        ("tg://resolve?domain=x!", [("url", "tg://resolve?domain=x")]),
        ("10.0.0.1:80/x 1.2.3 PP.37 a.Ini", [("url", "10.0.0.1:80/x")]),
        ("http://localhost http://x.y http://x.yz", [("url", "http://x.yz")]),
        ("https://x.id/#frag /start", [("url", "https://x.id/#frag"), ("bot_command", "/start")]),
        ("😀 t.me/x", [("url", "t.me/x")]),
        ("user:pass@x.id", []),
        ("gmn cara klaim jkp?", []),
    ],
)
def test_what_telegram_finds_in_a_text(text: str, expected: list[Entity]) -> None:
    assert shown(text, detect(text)) == expected


def test_nothing_is_found_inside_code_and_links() -> None:
    text, entities = parse("<code>@tanya</code> <a href='x.id'>@tanya</a> <b>@tanya</b>", "HTML", None)

    assert shown(text, entities) == [
        ("code", "@tanya"),
        ("text_link", "@tanya"),
        ("mention", "@tanya"),
        ("bold", "@tanya"),
    ]


def test_emoji_outside_the_basic_plane_count_twice() -> None:
    assert utf16_length("a😀é") == 4


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=200)


@given(texts)
def test_escaped_html_comes_back_as_it_was(text: str) -> None:
    expected = clean_text(text).rstrip(" \n")
    assume(re.search(r"[a-z]", expected))

    result, entities = parse(f"<b>{html.escape(text)}</b>", "HTML", None)

    assert result == expected
    bold = [each for each in entities if each["type"] == "bold"]
    assert "".join(part for _, part in shown(result, bold)) == expected


@given(texts)
def test_escaped_markdown_v2_comes_back_as_it_was(text: str) -> None:
    expected = clean_text(text).rstrip(" \n")
    assume(re.search(r"[a-z]", expected))

    result, _ = parse("||" + re.sub(r"([!-~])", r"\\\1", text) + "||", "MarkdownV2", None)

    assert result == expected


marks = st.sampled_from([*"ab _*[]()~`>#|!\\\n\r<&;/@.😀", "<b>", "</b>", "<i>", "<a href=x.id>", "</a>"])


@given(st.lists(marks, max_size=40).map("".join), st.sampled_from(["HTML", "Markdown", "MarkdownV2", None]))
def test_any_text_is_refused_or_well_marked(source: str, parse_mode: str | None) -> None:
    try:
        text, entities = parse(source, parse_mode, None)
    except Refused as refused:
        reason = refused.description.removeprefix("Bad Request: ")
    else:
        reason = ""
        places = [(each["offset"], -each["length"]) for each in entities]
        assert places == sorted(places)
        assert all(length < 0 and start - length <= utf16_length(text) for start, length in places)

    assert re.match(r"(can't parse entities: .+|text must be non-empty|message text is empty|)$", reason)
