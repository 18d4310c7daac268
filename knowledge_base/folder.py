"""Where the book's files are, and a fingerprint that says whether they are the ones that were read before."""

import hashlib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path


def content_folder() -> Path:
    """Where the book's files travel inside the package."""
    return Path(str(files("knowledge_base") / "content"))


def fingerprint(folder: Path, *readers: Path) -> str:
    """Another one as soon as a file of the folder or the code that reads it changes; made in a hundredth of a second.

    The code is this package's and that of `readers`: a release that reads the same files differently has them read
    anew without anybody having to remember it.
    """
    digest = hashlib.sha256()
    for path in (*_in(folder), *sorted(Path(__file__).parent.glob("*.py")), *readers):
        try:
            held = path.read_bytes() if path.is_file() else b""
        except OSError as error:
            held = repr(error).encode()  # nothing that was read before has this
        digest.update(f"{path.relative_to(folder) if path.is_relative_to(folder) else path.name}\0".encode())
        digest.update(f"{path.is_dir()}\0{len(held)}\0".encode())
        digest.update(held)
    return digest.hexdigest()


def _in(folder: Path) -> Iterator[Path]:
    """What `loader.read_content` looks at: the folder and the folders in it, no deeper."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        yield path
        if path.is_dir():
            yield from sorted(path.iterdir())
