"""A seccomp filter, written as BPF: what a learner's process has no business asking of the kernel gets EPERM."""

import ctypes
import os
import platform
import struct

# name: (x86-64, aarch64); None where the architecture has no such call
SYSCALLS: dict[str, tuple[int | None, int | None]] = {
    "socket": (41, 198), "connect": (42, 203), "accept": (43, 202), "accept4": (288, 242), "bind": (49, 200),
    "listen": (50, 201), "fork": (57, None), "vfork": (58, None), "execve": (59, 221), "execveat": (322, 281),
    "kill": (62, 129), "tkill": (200, 130), "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240),
    "pidfd_send_signal": (424, 424), "ptrace": (101, 117), "personality": (135, 92), "pivot_root": (155, 41),
    "chroot": (161, 51), "acct": (163, 89), "settimeofday": (164, 170), "clock_settime": (227, 112),
    "mount": (165, 40), "umount2": (166, 39), "swapon": (167, 224), "swapoff": (168, 225), "reboot": (169, 142),
    "sethostname": (170, 161), "setdomainname": (171, 162), "init_module": (175, 105), "delete_module": (176, 106),
    "finit_module": (313, 273), "quotactl": (179, 60), "kexec_load": (246, 104), "kexec_file_load": (320, 294),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219), "unshare": (272, 97), "setns": (308, 268),
    "perf_event_open": (298, 241), "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "bpf": (321, 280), "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431),
    "fsmount": (432, 432), "fspick": (433, 433), "pidfd_open": (434, 434), "pidfd_getfd": (438, 438),
    "mount_setattr": (442, 442), "memfd_create": (319, 279), "mknod": (133, None), "mknodat": (259, 33),
}  # fmt: skip
CLONE, TGKILL, CLONE3 = (56, 220), (234, 131), 435
ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
LOAD, JUMP_EQUAL, JUMP_GREATER, JUMP_SET, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
EPERM, ENOSYS = 1, 38
CLONE_THREAD = 0x00010000
PR_SET_SECCOMP, MODE_FILTER = 22, 2


def install(libc: ctypes.CDLL) -> None:
    """Install the filter for this process and what it becomes; no_new_privs must be set. OSError if refused."""
    program = _program(os.getpid())
    buffer = ctypes.create_string_buffer(program)
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
    pointer = ctypes.create_string_buffer(header)
    if libc.prctl(PR_SET_SECCOMP, MODE_FILTER, pointer, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "seccomp")


def _program(own_pid: int) -> bytes:
    machine = platform.machine()
    if machine not in ARCHITECTURES:
        raise OSError(ENOSYS, f"no seccomp table for {machine}")
    column, audit = ARCHITECTURES[machine]
    code = [
        _step(LOAD, 4), _step(JUMP_EQUAL, audit, 1, 0), _step(RETURN, KILL),
        _step(LOAD, 0), _step(JUMP_GREATER, 0x40000000, 0, 1), _step(RETURN, ERRNO | EPERM),
        _step(JUMP_EQUAL, CLONE3, 0, 1), _step(RETURN, ERRNO | ENOSYS),
    ]  # fmt: skip
    for name in sorted(SYSCALLS):
        number = SYSCALLS[name][column]
        if number is not None:
            code += [_step(JUMP_EQUAL, number, 0, 1), _step(RETURN, ERRNO | EPERM)]
    code += [  # a thread may be made, a process may not; a signal may go to oneself, to nobody else
        _step(JUMP_EQUAL, CLONE[column], 0, 4), _step(LOAD, 16), _step(JUMP_SET, CLONE_THREAD, 1, 0),
        _step(RETURN, ERRNO | EPERM), _step(RETURN, ALLOW),
        _step(JUMP_EQUAL, TGKILL[column], 0, 4), _step(LOAD, 16), _step(JUMP_EQUAL, own_pid, 1, 0),
        _step(RETURN, ERRNO | EPERM), _step(RETURN, ALLOW),
        _step(RETURN, ALLOW),
    ]  # fmt: skip
    return b"".join(code)


def _step(code: int, value: int, when_true: int = 0, when_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, when_true, when_false, value)
