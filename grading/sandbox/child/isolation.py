"""Take away what a learner's process does not need: files, network, other processes, privileges, endless resources."""

import contextlib
import ctypes
import os
import resource
import struct
from collections.abc import Sequence
from pathlib import Path

from hocvu_child import seccomp  # type: ignore[import-not-found]

libc = ctypes.CDLL(None, use_errno=True)

NEWNS, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET = 0x20000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_PRIVATE = 2, 4, 8, 4096, 16384, 1 << 18
MNT_DETACH = 2
AT_RECURSIVE, AT_FDCWD = 0x8000, -100
ATTR_RDONLY, ATTR_NOSUID, ATTR_NODEV = 1, 2, 4
PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
MOUNT_SETATTR, LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 442, 444, 445, 446
PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 24, 38
SIGKILL, NOBODY = 9, 65534
NOT_IN_SCRATCH = (1 << 0) | (1 << 6) | (1 << 9) | (1 << 11)  # execute; make devices and sockets
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")
SYSTEM = ("/usr", "/lib", "/lib64", "/lib32", "/etc/ld.so.cache", "/etc/localtime")
SCRATCH = "/tmp/work"


def enter_namespaces(readable: Sequence[str], new_root: str) -> frozenset[str]:
    """Move the warm process into namespaces of its own, with a root that holds only `readable`; return the layers.

    `new_root` is an empty folder that becomes the root.

    As root no user namespace is needed; otherwise one gives the right to make the others. Where the kernel or a
    container forbids it, nothing has changed and the set is empty.
    """
    root = os.geteuid() == 0
    uid, gid = os.geteuid(), os.getegid()
    flags = NEWNS | NEWNET | NEWIPC | NEWUTS | (0 if root else NEWUSER)
    if libc.unshare(flags) != 0:
        return frozenset()
    if not root:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    layers = {"net-namespace", "ipc-namespace", "uts-namespace"} | (set() if root else {"user-namespace"})
    with contextlib.suppress(OSError):
        _change_root(readable, new_root)
        layers.add("mount-namespace")
    return frozenset(layers)


def enter_process_namespace() -> frozenset[str]:
    """Give the next forked child a process namespace and mounts of its own; return the layers."""
    return frozenset({"pid-namespace"}) if libc.unshare(NEWPID | NEWNS) == 0 else frozenset()


def take_scratch(own_root: bool, scratch: str, size: int) -> None:
    """Go to a fresh scratch folder: a small memory disk where the root is ours, else the folder made outside."""
    if own_root:
        _mount("tmpfs", SCRATCH, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, f"size={size},mode=700,nr_inodes=4096")
        with contextlib.suppress(OSError):
            _mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, "")
        scratch = SCRATCH
        if os.geteuid() == 0:
            os.chown(scratch, NOBODY, NOBODY)
    os.chdir(scratch)
    os.environ["HOME"] = os.environ["TMPDIR"] = scratch


def limit(cpu: int, memory: int, files: int, size: int, processes: int) -> None:
    """Set the hard limits of this process; memory counts on top of what the warm process holds already."""
    pages = int(Path("/proc/self/statm").read_text().split()[0]) if Path("/proc/self/statm").exists() else 0
    base = pages * os.sysconf("SC_PAGE_SIZE") or 2 << 30
    for kind, most in (
        (resource.RLIMIT_AS, base + memory), (resource.RLIMIT_CPU, cpu), (resource.RLIMIT_NOFILE, files),
        (resource.RLIMIT_FSIZE, size), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_NPROC, processes),
        (resource.RLIMIT_MEMLOCK, 0), (resource.RLIMIT_MSGQUEUE, 0),
    ):  # fmt: skip
        soft = most
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (soft, most))


def drop_privileges(own_root: bool) -> None:
    """Become nobody (where root), give up every capability and the way back."""
    if own_root and os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        for capability in range(64):
            libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    else:
        for capability in range(64):
            libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    header = struct.pack("Ii", 0x20080522, 0)
    if libc.capset(ctypes.create_string_buffer(header), ctypes.create_string_buffer(24)) != 0:
        raise OSError(ctypes.get_errno(), "capset")
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "no_new_privs")


def restrict_files(readable: Sequence[str], writable: str) -> frozenset[str]:
    """Let Landlock allow reading in some folders, writing in one, no TCP, no signals; return the layer if it holds."""
    abi = libc.syscall(LANDLOCK_CREATE, None, 0, 1)
    if abi < 1:
        return frozenset()
    every = (1 << 13) - 1 if abi == 1 else (1 << 14) - 1 if abi == 2 else (1 << 15) - 1 if abi < 5 else (1 << 16) - 1
    network, scope = (3 if abi >= 4 else 0), (3 if abi >= 6 else 0)
    attributes = struct.pack("QQQ", every, network, scope)[: 8 if abi < 4 else 16 if abi < 6 else 24]
    ruleset = libc.syscall(
        LANDLOCK_CREATE, ctypes.create_string_buffer(attributes, len(attributes)), len(attributes), 0
    )
    if ruleset < 0:
        return frozenset()
    read_file, read = 1 << 2, (1 << 2) | (1 << 3)
    try:
        for path in [*readable, *DEVICES, "/proc"]:
            file_only = not Path(path).is_dir()
            _allow(ruleset, path, (read_file if file_only else read) | (2 if path == "/dev/null" else 0))
        _allow(ruleset, writable, every & ~NOT_IN_SCRATCH)
        if libc.syscall(LANDLOCK_RESTRICT, ruleset, 0) != 0:
            return frozenset()
    finally:
        os.close(ruleset)
    return frozenset({"landlock"})


def filter_syscalls() -> frozenset[str]:
    """Install the seccomp filter; return the layer if it holds."""
    try:
        seccomp.install(libc)
    except OSError:
        return frozenset()
    return frozenset({"seccomp"})


def die_with_parent() -> None:
    """Be killed when the process that made this one ends."""
    libc.prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)


def _allow(ruleset: int, path: str, access: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        rule = struct.pack("=Qi", access, descriptor)
        libc.syscall(LANDLOCK_ADD, ruleset, 1, ctypes.create_string_buffer(rule, len(rule)), 0)
    finally:
        os.close(descriptor)


def _change_root(readable: Sequence[str], new: str) -> None:
    """Make a root of read-only views and go there; what is not in it cannot be named any more."""
    _mount("none", "/", "", MS_REC | MS_PRIVATE, "")
    _mount("tmpfs", new, "tmpfs", MS_NOSUID, "size=1m,mode=755")
    for path in _outermost([*SYSTEM, *readable]):
        _show(path, new)
    for device in DEVICES:
        target = Path(new + device)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch()
        _mount(device, str(target), "", MS_BIND, "")
    for folder in (SCRATCH, "/proc", "/old"):
        Path(new + folder).mkdir(parents=True, exist_ok=True)
    os.chdir(new)
    if libc.syscall(PIVOT_ROOT[os.uname().machine], b".", b"old") != 0:
        raise OSError(ctypes.get_errno(), "pivot_root")
    os.chdir("/")
    if libc.umount2(b"/old", MNT_DETACH) != 0:
        raise OSError(ctypes.get_errno(), "umount")


def _show(path: str, new: str) -> None:
    source = Path(path)
    target = Path(new + path)
    if source.is_symlink() and path in SYSTEM[1:4]:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(source.readlink())
        return
    if not source.exists():
        return
    if source.is_dir():
        target.mkdir(parents=True, exist_ok=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch()
    _mount(str(source.resolve()), str(target), "", MS_BIND | MS_REC, "")
    attributes = ctypes.create_string_buffer(struct.pack("QQQQ", ATTR_RDONLY | ATTR_NOSUID | ATTR_NODEV, 0, 0, 0), 32)
    if libc.syscall(MOUNT_SETATTR, AT_FDCWD, str(target).encode(), AT_RECURSIVE, attributes, 32) != 0:
        raise OSError(ctypes.get_errno(), "mount_setattr")


def _outermost(paths: Sequence[str]) -> list[str]:
    kept: list[str] = []
    for path in sorted(set(paths), key=len):
        if not any(path == one or path.startswith(one + "/") for one in kept):
            kept.append(path)
    return kept


def _mount(source: str, target: str, kind: str, flags: int, data: str) -> None:
    if libc.mount(source.encode(), target.encode(), kind.encode() or None, flags, data.encode() or None) != 0:
        raise OSError(ctypes.get_errno(), f"mount {target}")
