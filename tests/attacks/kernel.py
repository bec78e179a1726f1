"""Answers that talk to the kernel past Python: other processes, new worlds, forgotten doors.

A call that succeeds prints what `model.REACHED` looks for.  The numbers are those of Linux on x86-64.
"""

from attacks.model import Attack, code, spread

_CALL = """
    import ctypes, os, struct
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long

    def tried(number, *args):
        # numbers go as they are, bytes as a pointer
        args = [a if isinstance(a, bytes) else ctypes.c_long(a) for a in args]
        got = libc.syscall(ctypes.c_long(number), *args)
        if got >= 0:
            print(6 * 7, "reached", number, got)
        return got
"""


def _calls(name: str, tries: str, body: str, needs: str = "") -> Attack:
    return Attack(name, tries, code(_CALL) + "\n\n" + spread(body), "told", needs=needs)


# machine code of `mov eax, edi; mov ebx, esi; mov ecx, edx; mov edx, 0; int 0x80` around a saved rbx
_OLD = r"""
    import ctypes, mmap
    CODE = b"\x53\x89\xf8\x89\xf3\x89\xd1\x31\xd2\xcd\x80\x48\x98\x5b\xc3"

    def old_call(number, first, second):
        page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        page.write(CODE)
        address = ctypes.addressof(ctypes.c_char.from_buffer(page))
        return ctypes.CFUNCTYPE(ctypes.c_long, ctypes.c_int, ctypes.c_int, ctypes.c_int)(address)(
            number, first, second
        )
"""

ATTACKS = (
    _calls(
        "setuid",
        "becomes another user",
        "if libc.setresuid(12345, 12345, 12345) == 0:\n    print(6 * 7, 'reached')",
        "root",
    ),
    _calls(
        "capabilities",
        "asks for the rights of an administrator",
        """
        has = ctypes.create_string_buffer(24)
        libc.capget(struct.pack("Ii", 0x20080522, 0), has)
        if struct.unpack("6I", has.raw)[0]:
            print(6 * 7, "reached", has.raw)
        """,
        "root",
    ),
    _calls(
        "ptrace",
        "takes hold of the process above as a debugger does",
        "tried(101, 0x4206, os.getppid(), 0, 0)",
    ),
    _calls(
        "process-memory",
        "reads the memory of a process by a system call",
        """
        held = ctypes.create_string_buffer(b"x", 8)
        part = struct.pack("QQ", ctypes.addressof(held), 8)
        for pid in (os.getpid(), os.getppid()):
            tried(310, pid, part, 1, part, 1, 0)
        """,
    ),
    _calls(
        "process-descriptor",
        "takes a descriptor out of the process above",
        "tried(438, tried(434, os.getppid(), 0), 0, 0)",
    ),
    _calls("io-uring", "asks for a ring through which the kernel works for it", "tried(425, 2, bytes(120))"),
    _calls("user-namespace", "opens a world in which it is root", "tried(272, 0x10000000)"),
    _calls(
        "namespaces",
        "opens worlds of its own: files, network, processes, names",
        "tried(272, 0x6C020000 & ~0x10000000)",
        "root",
    ),
    _calls(
        "clone-into-a-namespace",
        "is born again in a new world",
        """
        child = libc.syscall(ctypes.c_long(56), ctypes.c_long(0x10000000 | 17), *[ctypes.c_long(0)] * 4)
        if child == 0:
            os._exit(0)
        if child > 0:
            print(6 * 7, "reached")
        """,
    ),
    _calls(
        "new-clone",
        "makes a process by the newest call, whose arguments a filter cannot read",
        """
        asked = struct.pack("11Q", 0, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0)
        child = libc.syscall(ctypes.c_long(435), asked, ctypes.c_long(88))
        if child == 0:
            os._exit(0)
        if child > 0:
            print(6 * 7, "reached")
        """,
    ),
    _calls(
        "plain-fork",
        "makes a process by the oldest call",
        "if tried(57) == 0:\n    os._exit(0)",
    ),
    _calls(
        "another-world",
        "steps into the world of the process above",
        "tried(308, os.open('/proc/%d/ns/mnt' % (os.getppid() or 1), 0), 0)",
        "root",
    ),
    _calls(
        "mount",
        "hangs a file system over a folder",
        """
        libc.unshare(0x20000)
        os.makedirs("over", exist_ok=True)
        tried(165, b"none", os.path.abspath("over").encode(), b"tmpfs", 0, 0)
        tried(430, b"tmpfs", 0)
        tried(428, -100, b"/", 1)
        """,
        "root",
    ),
    _calls("chroot", "calls its folder the root", "os.mkdir('root')\ntried(161, b'root')", "root"),
    _calls(
        "keyring",
        "leaves a note in the kernel's keyring",
        "tried(248, b'user', b'@NAME@', b'x', 1, -1)\ntried(250, 0, -3, 1)",
    ),
    _calls(
        "kernel-program",
        "loads a program into the kernel",
        "tried(321, 0, struct.pack('IIIII', 2, 4, 8, 1, 0) + bytes(100), 72)",
        "root",
    ),
    _calls(
        "counters",
        "counts what the processor does",
        "tried(298, struct.pack('IIQ', 1, 112, 1) + bytes(96), 0, -1, -1, 0)",
    ),
    _calls(
        "page-faults",
        "asks to be told when memory is missing, so as to make the kernel wait",
        "tried(323, 1)",
    ),
    _calls(
        "program-in-memory",
        "writes a program into memory and runs it",
        """
        program = tried(319, b"x", 0)
        if program >= 0:
            os.write(program, open("/bin/true", "rb").read())
        """,
    ),
    _calls(
        "files-by-handle",
        "opens files by their numbers, past every path",
        "tried(303, -100, b'@SECRET@', struct.pack('Ii', 64, 0) + bytes(64), bytes(8), 0)",
    ),
    _calls(
        "old-messages",
        "leaves messages, memory and locks where all processes meet",
        """
        for number, *args in ((29, 0x5E5E, 64, 0o1666), (68, 0x5E5E, 0o1666), (64, 0x5E5E, 1, 0o1666)):
            got = tried(number, *args)
            if got >= 0:
                tried({29: 31, 68: 71, 64: 66}[number], got, *([0] if number == 64 else []), 0, 0)
        """,
    ),
    _calls(
        "message-queue",
        "leaves a queue of messages for the next submission",
        "if tried(240, b'@NAME@', 0o102, 0o600, 0) >= 0:\n    tried(241, b'@NAME@')",
    ),
    _calls("watching-files", "asks to be told what others open", "tried(300, 0, 0)", "root"),
    _calls("slowed-neighbours", "gives the process above the lowest rank", "tried(141, 0, os.getppid(), 19)"),
    _calls(
        "other-limits",
        "changes the limits of the process above",
        "tried(302, os.getppid(), 4, struct.pack('QQ', 0, 0), 0)",
    ),
    _calls(
        "other-processors",
        "binds the process above to one processor",
        "tried(203, os.getppid(), 8, struct.pack('Q', 1))",
    ),
    _calls(
        "more-for-itself",
        "raises its own limits",
        """
        import resource
        for kind in (resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE, resource.RLIMIT_AS):
            soft, hard = resource.getrlimit(kind)
            resource.setrlimit(kind, (hard, hard))
            if hard == resource.RLIM_INFINITY:
                print(6 * 7, "reached")
        """,
    ),
    Attack(
        "old-doors",
        "asks for a network and a process by the calls of 32-bit programs",
        code(_OLD)
        + "\n\n"
        + spread(
            """
            import os
            for number in (359, 2):
                got = old_call(number, 2, 1)
                if got == 0:
                    os._exit(0)
                if got > 0:
                    print(6 * 7, "reached", number)
            """
        ),
        "told",
        needs="32-bit",
    ),
    Attack(
        "forgotten-doors",
        "asks for a network by the numbers of a third kind of programs",
        code(_CALL) + "\n\n" + spread("tried(0x40000000 + 41, 2, 1, 0)"),
        "told",
        needs="x32",
    ),
)
