"""One call over HTTP to an address that somebody entered: guarded, timed, never followed.

The guard resolves the name once and the call goes to that very address, so that a name cannot
lead to another place between the check and the call (DNS rebinding).
"""

import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from yukuai.exchange.gateways.port import Unreachable

LARGEST = 2 * 1024 * 1024
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    headers: Mapping[str, str]
    milliseconds: int


def address_problem(url: str) -> str:
    """Why a call may not go there, as a sentence; ''. Resolves the name."""
    try:
        _target(url)
    except Unreachable as error:
        return error.message
    return ""


def form_problem(url: str) -> str:
    """The part of it that needs no network: scheme, host, nothing hidden."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "地址写得不对。要写成 https://主机/路径。"
    if parts.username or parts.password or parts.fragment or not parts.hostname or port == 0:
        return "地址里只写协议、主机和路径，不写用户名、密码和井号。"
    if parts.scheme == "https" or (parts.scheme == "http" and settings.DEMO):
        return ""
    return "地址要以 https:// 开头。"


def call(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    body: bytes = b"",
    connect_seconds: float,
    read_seconds: float,
) -> Answer:
    """Raises Unreachable, with a sentence; whether they did something is then not known."""
    host, address = _target(url)
    pinned = httpx.URL(url).copy_with(host=str(address))
    sent = {"User-Agent": "yukuai-exchange", **headers, "Host": _host_header(url)}
    timeout = httpx.Timeout(read_seconds, connect=connect_seconds)
    began = monotonic()
    try:
        with (
            httpx.Client(timeout=timeout, trust_env=False, follow_redirects=False) as client,
            client.stream(
                method,
                pinned,
                headers=sent,
                content=body or None,
                extensions={"sni_hostname": host},
            ) as response,
        ):
            content = _read(response, until=began + connect_seconds + 2 * read_seconds)
    except httpx.ConnectTimeout:
        raise Unreachable(f"连不上：{connect_seconds:g} 秒内没有连通。") from None
    except httpx.TimeoutException:
        raise Unreachable(f"对方太慢：{read_seconds:g} 秒内没有回应。") from None
    except httpx.ConnectError:
        raise Unreachable("连不上：对方没有开，或者证书不对。") from None
    except httpx.HTTPError:
        raise Unreachable("对方的回应断在半路，不知道办了没有。") from None
    took = int((monotonic() - began) * 1000)
    return Answer(response.status_code, content, dict(response.headers), took)


def _read(response: httpx.Response, *, until: float) -> bytes:
    """Not more than we can hold, and not drop by drop for ever."""
    content = b""
    for piece in response.iter_bytes():
        content += piece
        if len(content) > LARGEST:
            raise Unreachable("对方的回应太大，没有读完。")
        if monotonic() > until:
            raise Unreachable("对方太慢，回应没有读完。")
    return content


def _target(url: str) -> tuple[str, Address]:
    """The host's name and the one address to call."""
    if problem := form_problem(url):
        raise Unreachable(problem)
    parts = urlsplit(url)
    host = str(parts.hostname)
    addresses = _resolve(host, parts.port or (443 if parts.scheme == "https" else 80))
    for address in addresses:  # one forbidden address makes the whole name suspect
        if problem := _inside_problem(address, encrypted=parts.scheme == "https"):
            raise Unreachable(problem)
    return host, addresses[0]


def _resolve(host: str, port: int) -> list[Address]:
    try:
        return [ipaddress.ip_address(host)]
    except ValueError:
        pass
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable("找不到这个主机名。请核对地址。") from None
    return [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]


def _inside_problem(address: Address, *, encrypted: bool) -> str:
    real: Address = getattr(address, "ipv4_mapped", None) or address
    if real.is_loopback:
        return "" if settings.DEMO else "不能填本机的地址。"
    if not encrypted:
        return "地址要以 https:// 开头。"
    allowed = [ipaddress.ip_network(network) for network in settings.EXCHANGE_NETWORKS]
    if any(real.version == network.version and real in network for network in allowed):
        return ""
    if not real.is_global or real.is_multicast:
        return "这是内部网络的地址。要用，请系统管理员把它的网段写进 EXCHANGE_NETWORKS。"
    return ""


def _host_header(url: str) -> str:
    return httpx.URL(url).netloc.decode()
