"""The little of blob storage that `az acr build` uses: a context put, a log read while it grows."""

import re
import secrets
from pathlib import Path

from aiohttp import web

from aks_flow.rehearsal.standins.azure.cloud import Cloud

_NAME = r"[0-9a-f]{40}"
_CONTAINER = "/blobs/build"
_VERSION = "2024-11-04"


def new(cloud: Cloud) -> str:
    """A name for a new blob."""
    folder(cloud).mkdir(exist_ok=True)
    return secrets.token_hex(20)


def url(cloud: Cloud, name: str) -> str:
    """Its address, with a signature as Azure's have one: the name itself cannot be guessed."""
    return f"{cloud.url}{_CONTAINER}/{name}?sv={_VERSION}&sig={name}"


def uploaded(cloud: Cloud, name: str) -> bytes | None:
    """What was put there, or None."""
    file = folder(cloud) / name
    return file.read_bytes() if re.fullmatch(_NAME, name) and file.is_file() else None


def folder(cloud: Cloud) -> Path:
    return cloud.folder / "blobs"


class Blobs:
    """``PUT``, ``HEAD`` and ``GET`` with a range; a log's end is told in its metadata."""

    def __init__(self, cloud: Cloud):
        self._cloud = cloud

    def routes(self) -> list[web.RouteDef]:
        return [web.route("*", _CONTAINER + "/{name:" + _NAME + "}", self.handle)]

    async def handle(self, request: web.Request) -> web.Response:
        file = folder(self._cloud) / request.match_info["name"]
        if request.method == "PUT":
            file.write_bytes(await request.read())
            return web.Response(status=201, headers=self._headers(file))
        if not file.is_file():
            return web.Response(status=404, headers={"x-ms-error-code": "BlobNotFound"})
        return self._read(request, file)

    def _read(self, request: web.Request, file: Path) -> web.Response:
        data, headers = file.read_bytes(), self._headers(file)
        if request.method == "HEAD":
            return web.Response(headers=headers | {"Content-Length": str(len(data))})
        byte_range = request.headers.get("x-ms-range") or request.headers.get("Range")
        if not byte_range:
            return web.Response(body=data, headers=headers)
        first, _, last = byte_range.removeprefix("bytes=").partition("-")
        part = data[int(first) : int(last or len(data)) + 1]
        headers["Content-Range"] = f"bytes {first}-{int(first) + len(part) - 1}/{len(data)}"
        return web.Response(status=206, body=part, headers=headers)

    def _headers(self, file: Path) -> dict[str, str]:
        about = {"ETag": f'"{file.stat().st_mtime_ns:x}"', "Last-Modified": "Wed, 01 Jan 2025 00:00:00 GMT"}
        about |= {"x-ms-blob-type": "BlockBlob", "x-ms-version": _VERSION, "x-ms-request-id": file.name}
        ended = file.with_suffix(".status")
        return about | ({"x-ms-meta-Complete": ended.read_text()} if ended.is_file() else {})
