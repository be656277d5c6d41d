"""The HTTP under courier and fetcher: a POST to the partner's parcel door, a GET of a file, and their faults.

Only the address on the partner's verified card is dialled. No redirect is followed and no proxy
or other wish of the environment heard; the answer is read up to the size of a parcel and no
further. Spec §5.6.
"""

import base64
import io
import traceback
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Self

import aiohttp

from parley.gates.peer.filedoor import PROOF
from parley.gates.peer.listener import CONTENT_TYPE
from parley.gates.peer.pin import KeyPin
from parley.gates.peer.tls import pinned_context, public_context
from parley.protocol.parcel import MAX_PARCEL

MAX_RETRY_AFTER_SECONDS: Final = 300
BLOCK: Final = 256 * 1024


class WireError(Exception):
    """A parcel got no usable answer. `code` is a word for the person who looks after the link.

    unreachable · cut · timeout · other-key · tls · too-large · status-<number> · no-progress · other-range
    """

    def __init__(self, code: str, *, retry_after_seconds: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after_seconds = retry_after_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where and how a partner is reached: from its card, but for `poll`, which is this node's wish.

    `url` ends before ``/parcel``; `tls_sha256` is the hash of the key that its TLS must show.
    """

    link: str
    url: str
    tls_sha256: bytes | None = None
    poll: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long the courier waits: to connect, for the next bytes, and for the whole of one POST."""

    connect_seconds: float = 10
    silence_seconds: float = 30
    whole_seconds: float = 600


class Wire:
    """A line to one partner. To be used as ``async with``, inside the loop."""

    def __init__(self, route: Route, *, patience: Patience | None = None) -> None:
        self._base = route.url.rstrip("/")
        self._url = self._base + "/parcel"
        self._patience = patience or Patience()
        pin = route.tls_sha256
        self._is_bare = pin is not None and not self._url.startswith("https:")
        # aiohttp takes the pin from the connector and the context from the request; a pin given with
        # the request would bring aiohttp's own context along, and TLS 1.2 with it.
        self._context = public_context() if pin is None else pinned_context()
        self._http = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                ssl=True if pin is None else KeyPin(pin), limit=4, keepalive_timeout=55
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"Content-Type": CONTENT_TYPE, "Accept-Encoding": "identity", "User-Agent": "parley"},
            trust_env=False,
            auto_decompress=False,
            read_bufsize=BLOCK,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self._http.close()

    async def post(self, parcel: bytes, *, wait: int = 0) -> bytes:
        """Return the answer to `parcel`, which the other side may hold back for `wait` seconds.

        Raises:
            WireError: there was none that could be used.
        """
        with self._told():
            return await self._post(parcel, wait=wait)

    async def pull(self, digest: bytes, *, offset: int, proof: bytes) -> AsyncGenerator[bytes]:
        """Yield the ciphertext of a file from `offset` on, as it comes.

        Raises:
            WireError: there is none, it is refused, or the line was cut. What was yielded stands.
        """
        headers = {"Range": f"bytes={offset}-", PROOF: base64.b64encode(proof).decode()}
        with self._told():
            async with self._http.get(
                f"{self._base}/part/{digest.hex()}",
                headers=headers,
                ssl=self._context,
                allow_redirects=False,
                # A file may take hours; it may not stand still.
                timeout=aiohttp.ClientTimeout(
                    sock_connect=self._patience.connect_seconds, sock_read=self._patience.silence_seconds
                ),
            ) as response:
                if response.status != 206:
                    raise WireError(f"status-{response.status}", retry_after_seconds=_retry_after(response))
                if not response.headers.get("Content-Range", "").startswith(f"bytes {offset}-"):
                    raise WireError("other-range")
                async for block in response.content.iter_chunked(BLOCK):
                    yield block

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Let what goes wrong be told as a `WireError`."""
        if self._is_bare:
            # A card that names a TLS key promises TLS; without it whoever listens would learn the traffic.
            raise WireError("tls")
        try:
            yield
        except aiohttp.ServerFingerprintMismatch as error:
            raise WireError("other-key") from error
        except aiohttp.ClientSSLError as error:
            raise WireError("tls") from error
        except aiohttp.ClientConnectorError as error:
            raise WireError("unreachable") from error
        except TimeoutError as error:
            raise WireError("timeout") from error
        except (aiohttp.ClientError, ConnectionError) as error:
            raise WireError("cut") from error

    async def _post(self, parcel: bytes, *, wait: int) -> bytes:
        async with self._http.post(
            self._url,
            # As a file it is sent piece by piece; as bytes it would stop the loop while it is copied.
            data=io.BytesIO(parcel),
            headers={"Prefer": f"wait={wait}"} if wait else {},
            ssl=self._context,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(
                total=self._patience.whole_seconds + wait,
                sock_connect=self._patience.connect_seconds,
                sock_read=self._patience.silence_seconds + wait,
            ),
        ) as response:
            if response.status != 200:
                raise WireError(f"status-{response.status}", retry_after_seconds=_retry_after(response))
            return await _body(response)


def let_go(fault: BaseException) -> None:
    """Have a fault that was caught forget the values in the calls it came through, and they the parcel.

    Those calls and what went wrong in them refer to each other: each failed attempt would keep two copies of
    its parcel, of megabytes each, until Python looks for such circles, which may be hours.
    """
    at: BaseException | None = fault
    while at is not None:
        traceback.clear_frames(at.__traceback__)
        at = at.__cause__ or at.__context__


async def _body(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for piece in response.content.iter_any():
        body += piece
        if len(body) > MAX_PARCEL:
            response.close()
            raise WireError("too-large")
    return bytes(body)


def _retry_after(response: aiohttp.ClientResponse) -> int:
    text = response.headers.get("Retry-After", "")
    # A partner may ask for patience, not for silence until next year.
    return (
        min(int(text), MAX_RETRY_AFTER_SECONDS) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    )
