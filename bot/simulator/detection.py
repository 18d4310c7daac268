"""Mentions, hashtags, commands, links and the like, which Telegram marks in a text by itself."""

import re
from collections.abc import Iterator

from bot.simulator.spans import Span, utf16_length

_TAG_LETTER = r"\w\u200c\u00b7\u0d80-\u0dff"
_USERNAME = r"[A-Za-z0-9_]{3,32}(?![A-Za-z0-9_])"
_MENTION = re.compile(r"(?<!\w)@([A-Za-z0-9_]{2,32})(?!\w)")
_SHORT_USERNAMES = {"gif", "nft", "pic", "ufc", "vid"}
_COMMAND = re.compile(rf"(?<![\w/<>])/[A-Za-z0-9_]{{1,64}}(?:@{_USERNAME}|(?!@))(?![\w/<>])")
_HASHTAG = re.compile(
    rf"(?<![{_TAG_LETTER}])(#[{_TAG_LETTER}]{{1,256}}+(?![{_TAG_LETTER}])(?:@{_USERNAME})?)(?!#)"
)
_CASHTAG = re.compile(rf"(?<![${_TAG_LETTER}])\$(?:1INCH|[A-Z]{{1,8}}+)(?:@{_USERNAME})?(?![${_TAG_LETTER}])")
_PHONE = re.compile(r"(?<![\w+])\+[0-9](?:[ ().-]{0,2}[0-9]){6,14}(?!\w)")
# The address pattern that Telegram documents beside its own check.
_EMAIL = re.compile(
    r"(?<![\w.+@/:-])(?:[a-z0-9_-]{0,26}[.+]){0,10}[a-z0-9_-]{1,35}"
    r"@(?:(?:[a-z0-9][a-z0-9_-]{0,28})?[a-z0-9]\.){1,6}[a-z]{2,8}(?![\w@-]|\.\w)",
    re.IGNORECASE,
)
_PATH = r"(?:[/?#][^\s<>\"\u00ab\u00bb\u2000-\u200b\u200e\u200f\u2016-\u206f]*)?"
_TELEGRAM_LINK = re.compile(rf"(?:tg|ton|tonsite)://[a-z0-9_-]{{1,253}}{_PATH}", re.IGNORECASE)
_LINK = re.compile(
    r"(?<![\w~-])(?P<scheme>(?:https?|ftp|tonsite)://)?(?P<user>[^\s/\[\]{}()'`<>\"@\u00ab\u00bb]+@)?"
    r"(?P<host>[\w~-]+(?:\.[\w~-]+)+)(?P<port>:[0-9]{1,5}(?![0-9]))?" + f"(?P<path>{_PATH})",
    re.IGNORECASE,
)
_CLOSING = {")": "(", "]": "[", "}": "{"}
_NOT_AT_THE_END = ".:;,('?!`"

# Without a scheme only these make an address of two words with a dot between them: all country codes, and the
# general domains that people really use (Telegram's own list has some 1,400 of them).
_COUNTRIES = """
ac ad ae af ag ai al am ao ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca
cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fm fo
fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is
it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml
mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm
pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td
tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw
"""
_GENERAL = """
academy agency app art asia bank biz blog business cat center chat church cloud club com community
company coop design dev digital edu education email events foundation fun gov group health help info int
jobs live media mil mobi name net network news ngo one online org page photo pro school services shop
site social software space store studio support team tech technology tips today tools top travel
university video vip website wiki work works world xyz онлайн рус рф сайт укр
"""
_KNOWN_DOMAINS = frozenset((_COUNTRIES + _GENERAL).split())


def find(text: str) -> list[Span]:
    """What is found, in order; of two that overlap the one that begins earlier stays."""
    candidates = sorted(
        ((start, -end, kind) for kind, start, end in _candidates(text)), key=lambda each: each[:2]
    )
    result: list[Span] = []
    characters = units = taken = 0
    for start, negative_end, kind in candidates:
        if start < taken:
            continue
        units += utf16_length(text[characters:start])
        length = utf16_length(text[start:-negative_end])
        result.append(Span(kind, units, units + length))
        characters = start
        taken = -negative_end
    return result


def _candidates(text: str) -> Iterator[tuple[str, int, int]]:
    for found in _MENTION.finditer(text):
        if len(found[1]) >= 4 or found[1].lower() in _SHORT_USERNAMES:
            yield "mention", found.start(), found.end()
    for found in _HASHTAG.finditer(text):
        if any(character.isalpha() for character in found[1].partition("@")[0]):
            yield "hashtag", found.start(), found.end()
    for kind, pattern in (
        ("bot_command", _COMMAND),
        ("cashtag", _CASHTAG),
        ("email", _EMAIL),
        ("phone_number", _PHONE),
    ):
        for found in pattern.finditer(text):
            yield kind, found.start(), found.end()
    for found in _TELEGRAM_LINK.finditer(text):
        yield "url", found.start(), found.start() + len(_without_punctuation(found[0]))
    for found in _LINK.finditer(text):
        if _is_address(found, text):
            yield "url", found.start(), found.start() + len(_without_punctuation(found[0]))


def _is_address(found: re.Match[str], text: str) -> bool:
    before = text[: found.start()][-1:]
    if before and (before in "@/#.:-~" or before == "_" or before.isalnum()):
        return False
    if found["user"] and not found["scheme"]:
        return False
    labels = found["host"].lower().split(".")
    domain = labels[-1]
    if all(label.isdecimal() for label in labels):
        return len(labels) == 4 and all(len(label) <= 3 and int(label) <= 255 for label in labels)
    if len(domain) < 2 or "_" in domain or "_" in labels[-2]:
        return False
    if domain.startswith("xn--"):
        return len(domain) > 5
    return "-" not in domain and (bool(found["scheme"]) or domain in _KNOWN_DOMAINS)


def _without_punctuation(address: str) -> str:
    """Up to the first closing bracket that nothing in it opens, and without the sentence's own marks."""
    opened: list[str] = []
    for position, character in enumerate(address):
        if character in "([{":
            opened.append(character)
        elif character in _CLOSING and (not opened or opened.pop() != _CLOSING[character]):
            address = address[:position]
            break
    return address.rstrip(_NOT_AT_THE_END)
