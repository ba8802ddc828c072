"""Talks to the control interface of a running mock, for use inside its namespace.

    control.py log | state | revoke | reset
    control.py settings '{"token_life": 2}'
"""

import sys
import urllib.error
import urllib.request

ADDRESS = "http://127.0.0.1:9443/"


def main():
    if len(sys.argv) not in (2, 3) or sys.argv[1] not in ("log", "state", "revoke", "reset", "settings"):
        sys.exit(__doc__)
    reads = sys.argv[1] in ("log", "state")
    body = None if reads else (sys.argv[2] if len(sys.argv) == 3 else "{}").encode()
    # No proxy, whatever the environment says: the mock is on this machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(urllib.request.Request(ADDRESS + sys.argv[1], data=body), timeout=10) as answer:
            print(answer.read().decode())
    except urllib.error.HTTPError as error:
        sys.exit(error.read().decode())


if __name__ == "__main__":
    main()
