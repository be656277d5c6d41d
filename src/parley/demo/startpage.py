"""The start page of the demonstration: one small site on this computer's loopback address, and only there.

    GET  /                     to the language of the browser
    GET  /en/  /zh/            the page
    GET  /en/strip             the step that is due, alone: for a low window under the two others
    GET  /en/now               what changed, as JSON
    POST /en/watch             play up to a step; or let B cheat, or put that back
    POST /en/halt              stop playing
    GET  /sample/…  /static/…  the bank's sheet, the look

A page elsewhere must not be able to drive it. So an address that is not ours by name is not
answered (a name that somebody else turned to 127.0.0.1 is no way in), and what is posted
must come from this very origin and carry the secret that the page holds.
"""

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from aiohttp import web
from django.utils import translation

import parley
from parley.demo import cheating
from parley.demo.country import LOOPBACK
from parley.demo.lamps import Lamps
from parley.demo.player import CHAPTERS, SPEEDS, Order, Player
from parley.demo.sample import FAULTY, read_sheet
from parley.demo.scene import Watcher
from parley.demo.show import LANGUAGES, live, page
from parley.ui.middleware import HEADERS

PACKAGE: Final = Path(parley.__file__).resolve().parent
MAX_FORM: Final = 4096
_LOOK: Final = {
    "/static/bootstrap.css": PACKAGE / "ui/static/vendor/bootstrap-5.3.9/bootstrap.min.css",
    **{
        f"/static/{name}": PACKAGE / "ui/static/ui" / name
        for name in ("parley.css", "frame.css", "components.css", "parley.svg")
    },
    **{f"/static/{name}": PACKAGE / "demo/static/demo" / name for name in ("start.css", "start.js")},
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where the site listens, under which names, and the secret that its forms carry."""

    port: int
    token: str

    @property
    def hosts(self) -> frozenset[str]:
        """Return every way to write this site's host."""
        return frozenset({f"localhost:{self.port}", f"{LOOPBACK}:{self.port}"})


class Site:
    """Everything that the start page answers. `reading` has one thread, and no other looks at the records."""

    def __init__(self, door: Door, player: Player, lamps: Lamps, *, reading: Executor) -> None:
        self._door = door
        self._player = player
        self._lamps = lamps
        self._reading = reading
        self._sides = (player.story.a, player.story.b)
        self._watcher: Watcher | None = None
        self._checked: object = None

    def application(self) -> web.Application:
        """Return the site for aiohttp."""
        site = web.Application(middlewares=[self._guard], client_max_size=MAX_FORM)
        site.router.add_get("/", self._to_language)
        site.router.add_get("/{language:en|zh}/", self._page)
        site.router.add_get("/{language:en|zh}/strip", self._strip)
        site.router.add_get("/{language:en|zh}/now", self._now)
        site.router.add_post("/{language:en|zh}/watch", self._watch)
        site.router.add_post("/{language:en|zh}/halt", self._halt)
        site.router.add_get(f"/sample/{FAULTY}", self._sheet)
        for address, path in _LOOK.items():
            site.router.add_get(address, partial(self._file, path))
        return site

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.headers.get("Host", "") not in self._door.hosts:
            response: web.StreamResponse = web.Response(
                status=421, text="This is not the name of this site.\n"
            )
        elif request.method not in {"GET", "HEAD"} and not await self._is_ours(request):
            response = web.Response(
                status=403,
                text="This form did not come from the start page. Nothing was done. Reload the page.\n",
            )
        else:
            try:
                response = await handler(request)
            except web.HTTPException as refused:
                response = web.Response(status=refused.status, text=f"{refused.reason}\n")
        for name, value in (*HEADERS.items(), ("Cache-Control", "no-store")):
            response.headers.setdefault(name, value)
        return response

    async def _is_ours(self, request: web.Request) -> bool:
        if request.headers.get("Origin") != f"http://{request.headers['Host']}":
            return False
        if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            return False
        form = await request.post()
        return hmac.compare_digest(str(form.get("token", "")).encode(), self._door.token.encode())

    async def _to_language(self, request: web.Request) -> web.Response:
        wanted = request.headers.get("Accept-Language", "")
        first = wanted.strip().lower()[:2]
        return _to(f"/{first if first in LANGUAGES else 'en'}/")

    async def _page(self, request: web.Request) -> web.Response:
        text = await self._read(request, self._whole)
        return web.Response(text=text, content_type="text/html")

    async def _strip(self, request: web.Request) -> web.Response:
        text = await self._read(request, partial(self._whole, is_strip=True))
        return web.Response(text=text, content_type="text/html")

    async def _now(self, request: web.Request) -> web.Response:
        return web.json_response(await self._read(request, self._live))

    async def _watch(self, request: web.Request) -> web.Response:
        form = await request.post()
        upto, speed = str(form.get("upto", "")), str(form.get("speed", "normal"))
        if upto in CHAPTERS and speed in SPEEDS and self._player.playing.is_ready and self._is_now(upto):
            self._player.order(Order(upto=upto, tempo=SPEEDS[speed]))
        return self._back(request)

    def _is_now(self, upto: str) -> bool:
        # A record that was changed is put back before anything else: no step would come to its end on it.
        return (upto == "put_back") == cheating.is_cheated(self._player.story)

    async def _halt(self, request: web.Request) -> web.Response:
        self._player.halt()
        return self._back(request)

    def _back(self, request: web.Request) -> web.Response:
        if request.headers.get("Accept") == "application/json":
            return web.json_response({"done": True})
        return _to(f"/{request.match_info['language']}/#tour")

    async def _sheet(self, _request: web.Request) -> web.Response:
        headers = {
            "Content-Type": "text/csv; charset=gb18030",
            "Content-Disposition": f'attachment; filename="{FAULTY}"',
        }
        return web.Response(body=read_sheet(), headers=headers)

    async def _file(self, path: Path, _request: web.Request) -> web.StreamResponse:
        return web.FileResponse(path)

    # ---- In the reading thread

    async def _read(self, request: web.Request, make: Callable[[], Any]) -> Any:  # noqa: ANN401 - what `make` makes
        speak = partial(_spoken, LANGUAGES[request.match_info["language"]], make)
        return await asyncio.get_running_loop().run_in_executor(self._reading, speak)

    def _live(self) -> Mapping[str, Any]:
        if self._watcher is None:
            self._watcher = Watcher(*self._sides)
        checked = tuple(cheating.times(side) for side in self._sides)
        if checked != self._checked:
            # What is changed past every guard is told by no counter of the record, so all is read anew.
            self._watcher.close()
            self._watcher, self._checked = Watcher(*self._sides), checked
        scene, story = self._watcher.look(), self._player.story
        now, cheat = live(scene, self._player.playing, self._lamps), cheating.shown(story, scene)
        return {**now, "cheat": cheat, "same": cheat["same"] or now["same"]}

    def _whole(self, *, is_strip: bool = False) -> str:
        return page(self._live(), self._sides, token=self._door.token, is_strip=is_strip)


def _to(address: str) -> web.Response:
    return web.Response(status=303, headers={"Location": address})


def _spoken(language: str, make: Callable[[], Any]) -> Any:  # noqa: ANN401 - what `make` makes
    with translation.override(language):
        return make()
