"""What a run ran on, as the machine itself says it."""

import importlib
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

_PACKAGES = ("torch", "triton", "numpy")
_TRIED = 5  # seconds


def _torch() -> Any:
    """Return torch where a script imported it, or None: what never used it should not wait for it."""
    return sys.modules.get("torch")


def has_gpu() -> bool:
    """Whether torch can use a GPU."""
    try:
        torch = importlib.import_module("torch")
    except ImportError:
        return False
    return bool(torch.cuda.is_available())


def empty_cache() -> None:
    """Give back what torch keeps of a GPU's memory."""
    torch = _torch()
    if torch is not None and torch.cuda.is_available():
        torch.cuda.empty_cache()


def make_repeatable(seed: int) -> None:
    """Seed every generator, and let torch say where it cannot be deterministic."""
    torch = _torch()
    if torch is not None:
        torch.manual_seed(seed)
        torch.use_deterministic_algorithms(True, warn_only=True)


def flags() -> dict[str, Any]:
    """Return what decides whether a run comes out the same again."""
    torch = _torch()
    if torch is None:
        return {}
    return {
        "deterministic_algorithms": torch.are_deterministic_algorithms_enabled(),
        "float32_matmul_precision": torch.get_float32_matmul_precision(),
        "threads": torch.get_num_threads(),
        "triton_interpreter": os.environ.get("TRITON_INTERPRET") == "1",
    }


def machine(device: str, name: str | None, clocks: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the machine; without a name it is called after its GPU or processor."""
    gpu = _gpu(clocks) if device == "cuda" else None
    called = gpu["name"] if gpu else _processor()
    return {
        "name": name or _slug(called),
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "gpu": gpu,
    }


def _slug(text: str) -> str:
    found = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60]
    return found if re.fullmatch(r"[a-z][a-z0-9-]+", found) else f"machine-{found}".rstrip("-")


def _processor() -> str:
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8") as file:
            names = [line.partition(":")[2].strip() for line in file if line.startswith("model name")]
    except OSError:
        names = []
    return names[0] if names else platform.processor() or platform.machine()


def _gpu(clocks: list[dict[str, Any]]) -> dict[str, Any]:
    torch = _torch()
    properties = torch.cuda.get_device_properties(0)
    driver = _asked_of_driver("driver_version")
    return {
        "name": properties.name,
        "memory_bytes": properties.total_memory,
        "driver": driver[0] if driver else None,
        "cuda": torch.version.cuda,
        "clocks": clocks,
    }


def clocks() -> dict[str, Any]:
    """Return the clocks of the first GPU as its driver says them now, each None where it does not."""
    said = _asked_of_driver("clocks.sm,clocks.mem") or ["", ""]
    core, memory = (float(one) if re.fullmatch(r"[0-9.]+", one) else None for one in said)
    return {"at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "core_mhz": core, "memory_mhz": memory}


def _asked_of_driver(what: str) -> list[str] | None:
    program = shutil.which("nvidia-smi")
    if program is None:
        return None
    command = [program, f"--query-gpu={what}", "--format=csv,noheader,nounits", "--id=0"]
    try:
        done = subprocess.run(  # noqa: S603  every word of it stands here
            command, capture_output=True, text=True, timeout=_TRIED, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return [one.strip() for one in done.stdout.strip().split(",")]


def software() -> dict[str, Any]:
    """Return the versions of Python and of the packages that were imported."""
    used = [name for name in _PACKAGES if name in sys.modules]
    return {"python": platform.python_version(), "packages": {name: metadata.version(name) for name in used}}


def sandbox() -> dict[str, Any]:
    """Return what confines this process, and whether it has a way to a network.

    Connecting a datagram socket sends nothing; it fails where no route leads out.
    """
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as tried:
            tried.connect(("192.0.2.1", 9))
        is_connected = True
    except OSError:
        is_connected = False
    kind = "bwrap" if os.environ.get("COLOPHON_SANDBOX") == "bwrap" else "none"
    return {"kind": kind, "network": is_connected}
