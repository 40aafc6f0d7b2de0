"""A filter of system calls: what no course needs and attacks do.

It closes what namespaces leave open: new user namespaces (and with them all
of the kernel that only root could reach), sockets to the hypervisor, memory
that belongs to no process, key rings, and the 32-bit way in.
"""

import ctypes
import errno
import platform
import struct

from . import system

# Numbers of system calls by name: x86_64, aarch64.
_DENIED = {
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    "unshare": (272, 97),
    "setns": (308, 268),
    "chroot": (161, 51),
    "pivot_root": (155, 41),
    "mount": (165, 40),
    "umount2": (166, 39),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "fanotify_init": (300, 262),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "acct": (163, 89),
    "syslog": (103, 116),
    "quotactl": (179, 60),
    # Memory that outlives its process or is counted to none.
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
}
_CLONE, _CLONE3, _SOCKET = (56, 220), (435, 435), (41, 198)
_AUDIT = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
_X32 = 0x40000000
_FAMILIES = (1, 2, 10)  # local, IPv4, IPv6
#: Every CLONE_NEW flag that fits clone's first argument.
_NAMESPACES = 0x7E020000

_LOAD, _EQUAL, _AT_LEAST, _ANY, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCH, _FIRST = 0, 4, 16  # offsets; low word of the first argument
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000


def supported():
    """Return whether the numbers of this machine's calls are known."""
    return platform.machine() in _AUDIT


def install():
    """Filter the calls of this process and of all that it starts.

    Raises:
        OSError: the kernel, or the kind of machine, has no such filter.
    """
    if not supported():
        raise OSError(errno.ENOSYS, f"no filter for {platform.machine()}")
    program = b"".join(_program(*_AUDIT[platform.machine()]))
    code = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("HL", len(program) // 8, ctypes.addressof(code))
    system.call("prctl", system.PR_SET_SECCOMP, 2, head, 0, 0)


def _program(arch, column):
    """Yield the instructions of the filter."""
    refuse = _return(_REFUSE | errno.EPERM)
    unknown = _return(_REFUSE | errno.ENOSYS)
    allow = _return(_ALLOW)
    yield _step(_LOAD, _ARCH)
    yield _step(_EQUAL, arch, 1, 0)
    yield unknown
    yield _step(_LOAD, _NUMBER)
    yield _step(_AT_LEAST, _X32, 0, 1)
    yield unknown
    for numbers in _DENIED.values():
        yield _step(_EQUAL, numbers[column], 0, 1)
        yield refuse
    # The C library falls back from clone3, whose flags no filter can read.
    yield _step(_EQUAL, _CLONE3[column], 0, 1)
    yield unknown
    yield _step(_EQUAL, _CLONE[column], 0, 4)
    yield _step(_LOAD, _FIRST)
    yield _step(_ANY, _NAMESPACES, 0, 1)
    yield refuse
    yield allow
    yield _step(_EQUAL, _SOCKET[column], 0, 2 + len(_FAMILIES))
    yield _step(_LOAD, _FIRST)
    for left, family in enumerate(reversed(_FAMILIES)):
        yield _step(_EQUAL, family, len(_FAMILIES) - left, 0)
    yield _return(_REFUSE | errno.EAFNOSUPPORT)
    yield allow


def _step(code, value, jump_true=0, jump_false=0):
    return struct.pack("HBBI", code, jump_true, jump_false, value)


def _return(value):
    return _step(_RETURN, value)
