"""Real servers on loopback, on ports of their own: a relay, a web server, a carrier's centre, collectors.

Each notes what it got, and each can be told to be slow, rude, half-dead or a liar. None of them shares
code with what is tested: the bytes are read here again from their specification.
"""

import contextlib
import email
import email.policy
import json
import socket
import ssl
import struct
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import IPv4Address
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread
from typing import IO, Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Server:
    """A listener on loopback; `serve` gets each connection in a thread of its own."""

    def __init__(self, serve: Callable[[socket.socket], None], *, tls: ssl.SSLContext | None = None) -> None:
        self._serve = serve
        self._tls = tls
        self._door = socket.create_server(("127.0.0.1", 0))
        self._connections: list[socket.socket] = []
        self._threads: list[Thread] = []
        self.connected = 0
        self.port: int = self._door.getsockname()[1]
        self.ending = Event()
        """Set when the server goes: whoever hangs may let go."""
        self._thread = Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _address = self._door.accept()
            except OSError:
                return
            self.connected += 1
            self._connections.append(connection)
            thread = Thread(target=self._answer, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _answer(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, EOFError), connection:
            if self._tls is None:
                self._serve(connection)
                return
            with self._tls.wrap_socket(connection, server_side=True) as wrapped:
                self._serve(wrapped)

    def stop(self) -> None:
        self.ending.set()
        with contextlib.suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self._thread.join()
        for connection in self._connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()


@contextmanager
def running(serve: Callable[[socket.socket], None], *, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    server = Server(serve, tls=tls)
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def hanging(*, talks: bytes = b"") -> Iterator[Server]:
    """Have a server that takes every connection, says `talks`, and then nothing for ever."""
    held: list[Server] = []

    def serve(connection: socket.socket) -> None:
        connection.sendall(talks)
        held[0].ending.wait()

    with running(serve) as server:
        held.append(server)
        yield server


@contextmanager
def dripping(drop: bytes = b"1") -> Iterator[Server]:
    """Have a server that sends a little, again and again, so that no wait for the next byte is ever long."""
    held: list[Server] = []

    def serve(connection: socket.socket) -> None:
        while not held[0].ending.wait(0.02):
            connection.sendall(drop)

    with running(serve) as server:
        held.append(server)
        yield server


def nobody() -> int:
    """Return a port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port: int = door.getsockname()[1]
        return port


# ---- SMPP v3.4, as a carrier's centre has it


@dataclass(kw_only=True)
class Submitted:
    """One submit_sm as it came."""

    source: tuple[int, int, str]
    to: tuple[int, int, str]
    esm_class: int
    validity: str
    registered: int
    coding: int
    payload: bytes


@dataclass(kw_only=True)
class Centre:
    """A centre that takes what it is told to take."""

    password: str = "secret"
    submit_statuses: list[int] = field(default_factory=list)
    """The answers to the first submits; afterwards 0."""
    hang_up_at_submit: bool = False
    silent_at_submit: bool = False
    nack: bool = False
    wrong_number: bool = False
    asks_first: bool = False
    announces: int = 0
    """Instead of an answer to the bind, a message that claims to have this length."""
    got: list[Submitted] = field(default_factory=list)
    asked_alive: list[int] = field(default_factory=list)
    said_goodbye: Event = field(default_factory=Event)

    def serve(self, connection: socket.socket) -> None:
        stream = connection.makefile("rb")
        while True:
            length, command, _status, number = struct.unpack(">IIII", _exactly(stream, 16))
            body = _exactly(stream, length - 16)
            match command:
                case 0x2:
                    self._bind(connection, body, number)
                case 0x4:
                    self._submit(connection, body, number)
                case 0x6:
                    self.said_goodbye.set()
                    return
                case 0x80000015:
                    self.asked_alive.append(number)
                case _:
                    raise AssertionError(hex(command))

    def _bind(self, connection: socket.socket, body: bytes, number: int) -> None:
        if self.announces:
            connection.sendall(struct.pack(">IIII", self.announces, 0x80000002, 0, number))
            return
        if self.asks_first:
            connection.sendall(struct.pack(">IIII", 16, 0x15, 0, 77))
        _system_id, password, *_rest = body.split(b"\0")
        status = 0 if password == self.password.encode() else 0x0E
        answer = b"centre\0"
        connection.sendall(struct.pack(">IIII", 16 + len(answer), 0x80000002, status, number) + answer)

    def _submit(self, connection: socket.socket, body: bytes, number: int) -> None:
        self.got.append(read_submit(body))
        if self.hang_up_at_submit:
            connection.shutdown(socket.SHUT_RDWR)
            return
        if self.silent_at_submit:
            return
        status = self.submit_statuses.pop(0) if self.submit_statuses else 0
        command = 0x80000000 if self.nack else 0x80000004
        answer = b"id-1\0"
        number += 5 if self.wrong_number else 0
        connection.sendall(struct.pack(">IIII", 16 + len(answer), command, status, number) + answer)

    @property
    def texts(self) -> list[str]:
        """The texts that a phone would show, joined where they came in parts."""
        return [text_of(parts) for parts in _joined(self.got)]


def read_submit(body: bytes) -> Submitted:
    """Read the body of a submit_sm, every byte of it."""
    _service, body = _text(body)
    source, body = _address(body)
    to, body = _address(body)
    esm_class, _protocol, _priority, body = body[0], body[1], body[2], body[3:]
    _schedule, body = _text(body)
    validity, body = _text(body)
    registered, _replace, coding, _default, length = body[:5]
    payload = body[5:]
    assert len(payload) == length
    assert length <= 140 if coding == 8 else 160
    return Submitted(
        source=source,
        to=to,
        esm_class=esm_class,
        validity=validity,
        registered=registered,
        coding=coding,
        payload=payload,
    )


def text_of(parts: list[Submitted]) -> str:
    """Return what a phone shows of the parts of one text."""
    payload = [part.payload[6:] if part.esm_class & 0x40 else part.payload for part in parts]
    if parts[0].coding == 8:
        return "".join(piece.decode("utf-16-be") for piece in payload)
    return "".join(septets(piece) for piece in payload)


# 3GPP TS 23.038 §6.2.1, by rows of sixteen.
_ALPHABET = (
    "@£$¥èéùìòÇ\nØø\rÅå"
    "Δ_ΦΓΛΩΠΨΣΘΞ\uffffÆæßÉ"
    " !\"#¤%&'()*+,-./"
    "0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNO"
    "PQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmno"
    "pqrstuvwxyzäöñüà"
)
_AFTER_ESCAPE = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}


def septets(payload: bytes) -> str:
    """Read unpacked septets; a half sign at the end is an error."""
    places = iter(payload)
    return "".join(_AFTER_ESCAPE[next(places)] if place == 0x1B else _ALPHABET[place] for place in places)


def _joined(got: list[Submitted]) -> Iterator[list[Submitted]]:
    waiting: list[Submitted] = []
    for each in got:
        waiting.append(each)
        if not each.esm_class & 0x40 or each.payload[5] == each.payload[4]:
            yield waiting
            waiting = []


def _text(body: bytes) -> tuple[str, bytes]:
    text, _zero, rest = body.partition(b"\0")
    return text.decode("ascii"), rest


def _address(body: bytes) -> tuple[tuple[int, int, str], bytes]:
    text, rest = _text(body[2:])
    return (body[0], body[1], text), rest


def _exactly(stream: IO[bytes], size: int) -> bytes:
    found = stream.read(size)
    if len(found) < size:
        raise EOFError
    return found


# ---- SMTP, as a relay has it


@dataclass(kw_only=True)
class Relay:
    """A relay that answers as it is told to."""

    greeting: bytes = b"220 relay\r\n"
    hello: bytes = b"250 relay\r\n"
    recipient: bytes = b"250 ok\r\n"
    after_message: bytes | None = b"250 queued\r\n"
    """None: it hangs up instead."""
    starts_tls: ssl.SSLContext | None = None
    got: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    greeted: list[bytes] = field(default_factory=list)
    was_encrypted: bool = False

    def serve(self, connection: socket.socket) -> None:
        with ExitStack() as stack:
            self._serve(connection, stack)

    def _serve(self, connection: socket.socket, stack: ExitStack) -> None:
        connection.sendall(self.greeting)
        stream = connection.makefile("rb")
        while line := stream.readline():
            match line.split(b" ")[0].strip().upper():
                case b"EHLO" | b"HELO":
                    self.greeted.append(line.split()[1])
                    offers = self.starts_tls and not self.was_encrypted
                    connection.sendall(b"250-relay\r\n250 STARTTLS\r\n" if offers else self.hello)
                case b"STARTTLS":
                    assert self.starts_tls
                    connection.sendall(b"220 go\r\n")
                    wrapped = self.starts_tls.wrap_socket(connection, server_side=True)
                    connection = stack.enter_context(wrapped)
                    stream, self.was_encrypted = connection.makefile("rb"), True
                case b"MAIL":
                    connection.sendall(b"250 ok\r\n")
                case b"RCPT":
                    connection.sendall(self.recipient)
                case b"DATA":
                    connection.sendall(b"354 go\r\n")
                    self._take(stream)
                    if self.after_message is None:
                        return
                    connection.sendall(self.after_message)
                case b"QUIT":
                    return
                case _:
                    connection.sendall(b"502 what?\r\n")

    def _take(self, stream: IO[bytes]) -> None:
        raw = b""
        while (line := stream.readline()) != b".\r\n":
            if not line:
                raise EOFError
            raw += line
        self.raw.append(raw)
        self.got.append(email.message_from_bytes(raw, policy=email.policy.default))


# ---- HTTP


@dataclass(kw_only=True)
class Posted:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401 - a test looks into it as it likes
        return json.loads(self.body)


@dataclass(kw_only=True)
class Web:
    """A web server that answers every POST with `answer`; empty: it hangs up."""

    answer: bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    got: list[Posted] = field(default_factory=list)

    def serve(self, connection: socket.socket) -> None:
        stream = connection.makefile("rb")
        first = stream.readline().decode("ascii").split(" ")
        headers = {}
        while line := stream.readline().decode("ascii").strip():
            name, _colon, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        body = _exactly(stream, int(headers["content-length"]))
        self.got.append(Posted(path=first[1], headers=headers, body=body))
        connection.sendall(self.answer)


# ---- Syslog


@contextmanager
def collector() -> Iterator[tuple[int, SimpleQueue[bytes]]]:
    """Have a collector of datagrams, and what it got."""
    got: SimpleQueue[bytes] = SimpleQueue()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        door.bind(("127.0.0.1", 0))
        door.settimeout(0.05)
        is_over = Event()

        def listen() -> None:
            while not is_over.is_set():
                with contextlib.suppress(TimeoutError):
                    got.put(door.recv(65_536))

        thread = Thread(target=listen, daemon=True)
        thread.start()
        try:
            yield door.getsockname()[1], got
        finally:
            is_over.set()
            thread.join()


# ---- TLS


def certificate(folder: Path, name: str) -> tuple[Path, ssl.SSLContext]:
    """Make a certificate for 127.0.0.1 that vouches for itself; return its file and a server's context."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)  # noqa: TID251 - the library that checks it reads the clock as well
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path, key_path = folder / f"{name}.pem", folder / f"{name}.key"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, key_path)
    return path, context
