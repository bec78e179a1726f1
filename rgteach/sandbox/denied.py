"""System calls that a student's process is refused, by what they are for.

Threads, files in its own folder, memory and sockets between two ends of its own stay.  What has no name in an
older libseccomp is given by its number, which is the same on all processors for calls added since 2019.
"""

from __future__ import annotations

DENIED = {
    "programs": "execve execveat uselib",
    "network": "socket bind connect listen accept accept4",
    "other processes": "ptrace process_vm_readv process_vm_writev process_madvise process_mrelease kcmp"
    " pidfd_open pidfd_getfd pidfd_send_signal move_pages migrate_pages ioprio_set sched_setattr"
    " sched_setparam sched_setscheduler",
    "shared memory": "shmget shmat shmctl shmdt semget semop semctl semtimedop msgget msgsnd msgrcv msgctl"
    " mq_open mq_unlink memfd_create memfd_secret",
    "kernel": "io_uring_setup io_uring_enter io_uring_register bpf perf_event_open userfaultfd add_key"
    " request_key keyctl init_module finit_module delete_module kexec_load kexec_file_load syslog"
    " lookup_dcookie nfsservctl _sysctl sysfs ustat personality modify_ldt iopl ioperm reboot",
    "namespaces": "unshare setns chroot pivot_root mount umount2 open_tree move_mount fsopen fsconfig fsmount"
    " fspick mount_setattr quotactl quotactl_fd swapon swapoff acct vhangup sethostname setdomainname"
    " fanotify_init fanotify_mark name_to_handle_at open_by_handle_at",
    "users": "setuid setgid setreuid setregid setresuid setresgid setfsuid setfsgid setgroups capset",
    "clock": "settimeofday clock_settime clock_adjtime adjtimex stime",
}
NUMBERS = {
    "pidfd_send_signal": 424,
    "io_uring_setup": 425,
    "io_uring_enter": 426,
    "io_uring_register": 427,
    "open_tree": 428,
    "move_mount": 429,
    "fsopen": 430,
    "fsconfig": 431,
    "fsmount": 432,
    "fspick": 433,
    "pidfd_open": 434,
    "clone3": 435,
    "pidfd_getfd": 438,
    "process_madvise": 440,
    "mount_setattr": 442,
    "quotactl_fd": 443,
    "memfd_secret": 447,
    "process_mrelease": 448,
}
# calls that came later than this list: a library that meets "not there" takes an older one
NEWER = range(453, 512)
# refused to a child; the warm process forks
FORKS = ("fork", "vfork")
# not there, rather than refused: glibc then starts a thread with `clone`, whose flags can be seen
NOT_THERE = ("clone3",)
# calls on a process: (name, which argument names the process); only its own is let through
ON_ITSELF = (
    ("kill", 0),
    ("tgkill", 0),
    ("tkill", 0),
    ("rt_sigqueueinfo", 0),
    ("rt_tgsigqueueinfo", 0),
)
# calls on a process where 0 stands for the one that asks; any other is refused
ON_ZERO = (("prlimit64", 0), ("sched_setaffinity", 0), ("setpriority", 0), ("setpriority", 1))
CLONE_THREAD = 0x00010000
# new namespaces, which no thread may have either
CLONE_NEW = (0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000, 0x00000080)
# who is sent a signal when a file is ready (F_SETSIG, F_SETOWN, F_SETOWN_EX); keys to a terminal
REFUSED_ARGUMENTS = {
    "fcntl": (1, (8, 10, 15)),
    "ioctl": (1, (0x5412, 0x541C, 0x8901, 0x8902)),
}


def names() -> list[str]:
    """All calls that are refused, to the warm process too, whatever their arguments."""
    return [name for group in DENIED.values() for name in group.split()]
