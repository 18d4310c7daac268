"""Which addresses Telegram accepts in links and buttons, and how it writes them down."""

import re
from ipaddress import AddressValueError, IPv6Address

_TELEGRAM_SCHEME = re.compile(r"(tg|ton|tonsite):(?://)?", re.IGNORECASE)
_USER_LINK = re.compile(r"tg:(?://)?user/?\?([^#]*)", re.IGNORECASE)
_HOST_CHARACTERS = re.compile(r"[\w.!$&'()*+,;=~%-]+")
_INT64_MAX = 2**63 - 1


class BadLinkError(ValueError):
    """The address is none that Telegram follows; the message is Telegram's reason."""


def check_link(link: str, *, https_only: bool = False) -> str:
    """The address in Telegram's normal form (lower-case scheme and host, a path of at least "/")."""
    scheme = _TELEGRAM_SCHEME.match(link)
    if scheme is None:
        protocol, host, rest = _split_http(link)
        if https_only and protocol != "https":
            raise BadLinkError("Only HTTPS links are allowed")
        if "." not in host and not host.startswith("["):
            raise BadLinkError("Wrong HTTP URL")
        return f"{protocol}://{host}{rest}"
    if https_only:
        raise BadLinkError("Only HTTPS links are allowed")
    return _check_telegram_link(scheme[1].lower(), link[scheme.end() :])


def linked_user(link: str) -> int | None:
    """The id in tg://user?id=…, which mentions a person who has no username."""
    found = _USER_LINK.fullmatch(link.partition("#")[0])
    if found is None:
        return None
    for argument in found[1].split("&"):
        key, _, value = argument.partition("=")
        if key.lower() == "id":
            usable = re.fullmatch(r"[0-9]{1,19}", value) and 0 < int(value) <= _INT64_MAX
            return int(value) if usable else None
    return None


def arguments_of(link: str, host: str) -> dict[str, str] | None:
    """The arguments of tg://<host>?…, or None when the address is another one."""
    found = re.fullmatch(rf"tg:(?://)?{host}/?\?([^#]*)(?:#.*)?", link, re.IGNORECASE | re.DOTALL)
    if found is None:
        return None
    pairs = (argument.partition("=") for argument in found[1].split("&"))
    return {key: value for key, _, value in pairs}


def _check_telegram_link(scheme: str, rest: str) -> str:
    name = "tg" if scheme == "tg" else "ton"
    if re.match(r"https?://", rest, re.IGNORECASE):
        raise BadLinkError(f"Wrong {name} URL")
    _, host, path = _split_http(rest)
    if "@" in host or ":" in host:
        raise BadLinkError(f"Wrong {name} URL")
    allowed = r"[A-Za-z0-9_.-]+" if scheme == "tonsite" else r"[A-Za-z0-9_-]+"
    if not re.fullmatch(allowed, host):
        raise BadLinkError("Unallowed characters in URL host")
    return f"{scheme}://{host}{path[1:] if path.startswith('/?') else path}"


def _split_http(link: str) -> tuple[str, str, str]:
    """Scheme, host with user and port, and the rest starting with "/"."""
    found = re.match(r"([^:/?#@]*)://", link)
    scheme, remainder = (found[1].lower(), link[found.end() :]) if found else ("http", link)
    if scheme not in {"http", "https"}:
        raise BadLinkError("Unsupported URL protocol")
    end = re.search(r"[/?#]", remainder)
    authority, rest = (remainder[: end.start()], remainder[end.start() :]) if end else (remainder, "")
    user, at, address = authority.rpartition("@")
    host, port = _split_port(address)
    if not host:
        raise BadLinkError("URL host is empty")
    if host == ".":
        raise BadLinkError("Host is invalid")
    if host.startswith("["):
        _check_ipv6(host)
    elif not _HOST_CHARACTERS.fullmatch(host):
        raise BadLinkError("Disallowed character in URL host")
    if not rest.startswith("/"):
        rest = "/" + rest
    # What cannot stand in an address is written as %20 and the like, as the server does.
    rest = "".join(f"%{ord(c):02X}" if c <= " " else c for c in rest)
    return scheme, f"{user}{at}{host.lower()}{port}", rest


def _split_port(address: str) -> tuple[str, str]:
    host, colon, port = address.rpartition(":")
    if not colon or (address.startswith("[") and address.endswith("]")):
        return address, ""
    if not re.fullmatch(r"[0-9]+", port) or not 1 <= int(port) <= 65535:
        raise BadLinkError("Wrong port number specified in the URL")
    return host, f":{int(port)}"


def _check_ipv6(host: str) -> None:
    try:
        IPv6Address(host.removeprefix("[").removesuffix("]"))
    except AddressValueError:
        raise BadLinkError("Wrong IPv6 address specified in the URL") from None
