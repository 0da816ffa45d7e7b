"""Runs inside the machine under test, but in a network of its own (``ip netns``): what a neighbour in the office sees.

``python3 outside.py scan ADDRESS`` connects to every TCP port and prints those that answer; ``name ADDRESS`` asks for
``strowger.local`` by mDNS (RFC 6762 §5.1, a one-shot query) and prints who it is.
"""

import resource
import select
import socket
import struct
import sys
import time

GROUP, PORT = "224.0.0.251", 5353
QUESTION = b"\x08strowger\x05local\x00"
AT_ONCE = 4000
WAIT_S = 5.0


def scan(address: str) -> list[int]:
    """Every TCP port that takes a connection; a good many at once, because one that is shut says nothing."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (AT_ONCE + 100, AT_ONCE + 100))
    found = []
    for first in range(1, 65_536, AT_ONCE):
        found += _taken(address, range(first, min(first + AT_ONCE, 65_536)))
    return found


def _taken(address: str, ports: range) -> list[int]:
    asked, poll = {}, select.poll()
    for port in ports:
        knock = socket.socket(socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        knock.connect_ex((address, port))
        asked[knock.fileno()] = (port, knock)
        poll.register(knock, select.POLLOUT)
    found, end_s = [], time.monotonic() + WAIT_S
    while (left_s := end_s - time.monotonic()) > 0:
        for number, _ in poll.poll(left_s * 1000):
            port, knock = asked[number]
            poll.unregister(knock)
            if knock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0:
                found.append(port)
    for _, knock in asked.values():
        knock.close()
    return found


def name(own: str) -> str:
    """Who says that it is strowger.local."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(20.0)
        asking.bind((own, 0))
        asking.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(own))
        asking.sendto(
            struct.pack("!6H", 1, 0, 1, 0, 0, 0) + QUESTION + struct.pack("!2H", 1, 1), (GROUP, PORT)
        )
        return socket.inet_ntoa(asking.recv(1500)[-4:])


if __name__ == "__main__":
    if sys.argv[1] == "scan":
        sys.stdout.write(f"{scan(sys.argv[2])}\n")
    else:
        sys.stdout.write(f"{name(sys.argv[2])}\n")
