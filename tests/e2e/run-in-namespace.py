#!/usr/bin/env python3
"""Runs one command in a world where Zoho is on this machine.

    run-in-namespace.py [--keys DIR] [--settings JSON] [--log FILE] [--timeout SECONDS] [--] COMMAND [ARGUMENT…]
    run-in-namespace.py --check

The command gets its own user, network and mount namespace: the only network is the loopback, /etc/hosts names every
host of Zoho as 127.0.0.1, and the mock answers there on port 443 with a certificate of a throw-away authority that
Java, Node, Rust and OpenSSL are told to trust. Nothing outside the namespace changes and nothing can be reached
from inside.

--keys DIR      keep authority, certificate and truststore in DIR and use them again; otherwise they are made in a
                temporary folder that is deleted afterwards
--settings JSON for the mock, see zoho/accounts.py
--log FILE      every request that the mock got, one JSON object a line
--timeout N     ends the command after so many seconds
--check         only say whether this machine can do it

Exit code: that of the command; 124 when its time was up; 77 when this machine lacks what is needed (the reason is on stderr); 70 when the
mock or the namespace failed.
"""

import argparse
import ctypes
import fcntl
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "zoho"))

import accounts  # noqa: E402
from hosts import HOSTS  # noqa: E402

SKIPPED = 77
FAILED = 70
TIMED_OUT = 124
# The truststore holds one public certificate: its password protects nothing, the format wants one.
STORE_PASSWORD = "throw-away"
# Only found in old code and settings: the mock refuses it like any other.
AUTHTOKEN = "0123456789abcdef0123456789abcdef"


class Skip(Exception):
    """This machine lacks something; the text says what."""


def need(tool, why):
    if shutil.which(tool) is None:
        raise Skip(f"{tool} is not installed ({why})")


def run_quietly(*command, **more):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed:\n{done.stdout}")


def check_machine(command):
    if not sys.platform.startswith("linux"):
        raise Skip("network namespaces are a thing of Linux")
    need("openssl", "makes the certificates")
    need("unshare", "makes the namespaces")
    # Made for real once, with everything that is done later: containers and kernels forbid it in many ways.
    probe = subprocess.run(
        ["unshare", "-rnm", sys.executable, str(Path(__file__).resolve()), "--probe"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if probe.returncode != 0:
        last = (probe.stdout.strip().splitlines() or ["no reason given"])[-1]
        raise Skip(f"no user, network and mount namespace here: {last}")
    if command:
        need(command[0], "the command to run")
        if Path(command[0]).name == "java":
            need("keytool", "makes the truststore of Java")


def make_keys(folder):
    """Authority, certificate for all hosts, and Java's truststore, unless they are all there."""
    folder.mkdir(parents=True, exist_ok=True)
    done = folder / "hosts"
    names = "\n".join(HOSTS)
    with open(folder / "lock", "w") as lock:
        # Two runs with the same folder: one makes them, the other waits.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if done.exists() and done.read_text() == names and still_valid(folder):
            return
        make_certificates(folder)
        if shutil.which("keytool"):
            (folder / "trust.p12").unlink(missing_ok=True)
            run_quietly(
                "keytool", "-importcert", "-noprompt", "-alias", "e2e", "-file", "ca.pem",
                "-keystore", "trust.p12", "-storetype", "PKCS12", "-storepass", STORE_PASSWORD,
                cwd=folder,
            )  # fmt: skip
        done.write_text(names)


def still_valid(folder):
    if shutil.which("keytool") and not (folder / "trust.p12").exists():
        return False
    command = ["openssl", "x509", "-in", str(folder / "zoho.pem"), "-noout", "-checkend", "86400"]
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def make_certificates(folder):
    alternatives = ",".join(f"DNS:{name}" for name in HOSTS)
    (folder / "openssl.cnf").write_text(
        "[req]\ndistinguished_name = name\n[name]\n"
        "[ca]\nbasicConstraints = critical,CA:TRUE\nkeyUsage = critical,keyCertSign,cRLSign\n"
        "subjectKeyIdentifier = hash\n"
        "[server]\nbasicConstraints = critical,CA:FALSE\nkeyUsage = critical,digitalSignature\n"
        "extendedKeyUsage = serverAuth\nsubjectKeyIdentifier = hash\nauthorityKeyIdentifier = keyid\n"
        f"subjectAltName = {alternatives}\n"
    )
    for name in ("ca", "zoho"):
        run_quietly(
            "openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", f"{name}.key", cwd=folder
        )
    run_quietly(
        "openssl", "req", "-x509", "-new", "-key", "ca.key", "-subj", "/CN=Throw-away authority of the e2e tests",
        "-days", "7", "-config", "openssl.cnf", "-extensions", "ca", "-out", "ca.pem",
        cwd=folder,
    )  # fmt: skip
    run_quietly(
        "openssl", "req", "-new", "-key", "zoho.key", "-subj", "/CN=Mock of Zoho",
        "-config", "openssl.cnf", "-out", "zoho.csr",
        cwd=folder,
    )  # fmt: skip
    run_quietly(
        "openssl", "x509", "-req", "-in", "zoho.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial", "1",
        "-days", "7", "-extfile", "openssl.cnf", "-extensions", "server", "-out", "zoho.pem",
        cwd=folder,
    )  # fmt: skip


def environment(keys):
    """What the command sees: whom to trust, and the settings of an account."""
    env = dict(os.environ)
    for name in list(env):
        # A proxy cannot be reached from inside, and some libraries would ask it first.
        if name.lower() in ("http_proxy", "https_proxy", "all_proxy", "ftp_proxy", "no_proxy"):
            del env[name]
        # What the machine has for the real Zoho, if anything, is nothing to the programs.
        if name.startswith("ZOHO_"):
            del env[name]
    authority = str(keys / "ca.pem")
    env["NODE_EXTRA_CA_CERTS"] = authority
    env["SSL_CERT_FILE"] = authority
    env.pop("SSL_CERT_DIR", None)
    store = f"-Djavax.net.ssl.trustStore={keys / 'trust.p12'} -Djavax.net.ssl.trustStorePassword={STORE_PASSWORD}"
    env["JAVA_TOOL_OPTIONS"] = f"{env.get('JAVA_TOOL_OPTIONS', '')} {store}".strip()
    env["ZOHO_AUTHTOKEN"] = AUTHTOKEN
    env["ZOHO_CLIENT_ID"] = accounts.CLIENT_ID
    env["ZOHO_CLIENT_SECRET"] = accounts.CLIENT_SECRET
    env["ZOHO_REFRESH_TOKEN"] = accounts.REFRESH_TOKEN
    return env


# --- inside the namespace -------------------------------------------------------------------------------


def loopback_up():
    # As `ip link set lo up` does; iproute2 need not be there.
    get_flags, set_flags, up = 0x8913, 0x8914, 0x1
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sH14x", b"lo", 0)
        flags = struct.unpack("16sH14x", fcntl.ioctl(any_socket, get_flags, request))[1]
        fcntl.ioctl(any_socket, set_flags, struct.pack("16sH14x", b"lo", flags | up))


def private_hosts(file):
    libc = ctypes.CDLL(None, use_errno=True)
    bind = 0x1000
    if libc.mount(str(file).encode(), b"/etc/hosts", None, ctypes.c_ulong(bind), None) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"cannot mount over /etc/hosts: {os.strerror(code)}")


def write_hosts(file):
    lines = ["127.0.0.1 localhost", "::1 localhost"] + [f"127.0.0.1 {name}" for name in HOSTS]
    file.write_text("\n".join(lines) + "\n")


def prepare_namespace(hosts_file):
    loopback_up()
    private_hosts(hosts_file)


def probe():
    with tempfile.TemporaryDirectory() as folder:
        hosts_file = Path(folder) / "hosts"
        write_hosts(hosts_file)
        prepare_namespace(hosts_file)
        # The port needs a right that some kernels withhold even here.
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 443))


def end_with_parent():
    # Whoever kills the outer half without mercy must not leave this one running.
    set_death_signal = 1
    ctypes.CDLL(None).prctl(set_death_signal, signal.SIGTERM)


def inside(plan):
    end_with_parent()
    keys, work = Path(plan["keys"]), Path(plan["work"])
    hosts_file = work / "hosts"
    write_hosts(hosts_file)
    prepare_namespace(hosts_file)
    mock_command = [
        sys.executable, str(HERE / "zoho" / "mock.py"), "--until-stdin-closes",
        "--certificate", str(keys / "zoho.pem"), "--key", str(keys / "zoho.key"), "--settings", plan["settings"],
    ]  # fmt: skip
    if plan["log"]:
        mock_command += ["--log", plan["log"]]
    mock = subprocess.Popen(mock_command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        if mock.stdout.readline().strip() != "ready":
            print("run-in-namespace: the mock did not start", file=sys.stderr)
            return FAILED
        command = subprocess.Popen(plan["command"], env=environment(keys))
        signal.signal(signal.SIGTERM, lambda *_: command.terminate())
        try:
            code = command.wait(plan["timeout"])
        except subprocess.TimeoutExpired:
            print(f"run-in-namespace: ended after {plan['timeout']} s", file=sys.stderr)
            command.kill()
            command.wait()
            return TIMED_OUT
        return code if code >= 0 else 128 - code
    finally:
        mock.stdin.close()
        mock.wait(10)


# --- outside --------------------------------------------------------------------------------------------


def outside(arguments):
    work = Path(tempfile.mkdtemp(prefix="authshift-e2e-"))
    try:
        keys = Path(arguments.keys).resolve() if arguments.keys else work / "keys"
        make_keys(keys)
        plan = {
            "keys": str(keys),
            "work": str(work),
            "settings": arguments.settings,
            "log": str(Path(arguments.log).resolve()) if arguments.log else None,
            "timeout": arguments.timeout,
            "command": arguments.command,
        }
        command = ["unshare", "-rnm", sys.executable, str(Path(__file__).resolve()), "--inside", json.dumps(plan)]
        process = subprocess.Popen(command)
        # unshare becomes the inner half of this script: it gets the signal and ends its command.
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        code = process.wait()
        return code if code >= 0 else 128 - code
    finally:
        shutil.rmtree(work, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description="Runs a command in a world where Zoho is on this machine.")
    parser.add_argument("--check", action="store_true", help="only say whether this machine can do it")
    parser.add_argument("--probe", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    parser.add_argument("--keys", help="keep the certificates in this folder and use them again")
    parser.add_argument("--settings", default="{}", help="JSON for the mock")
    parser.add_argument("--log", help="write every request to this file")
    parser.add_argument("--timeout", type=float, help="end the command after so many seconds")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    if arguments.command[:1] == ["--"]:
        arguments.command = arguments.command[1:]
    if arguments.probe:
        return probe()
    if arguments.inside:
        return inside(json.loads(arguments.inside))
    if not arguments.command and not arguments.check:
        parser.error("no command given")
    try:
        check_machine(arguments.command)
    except Skip as reason:
        print(f"run-in-namespace: skipped: {reason}", file=sys.stderr)
        return SKIPPED
    if arguments.check:
        return 0
    return outside(arguments)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except RuntimeError as problem:
        print(f"run-in-namespace: {problem}", file=sys.stderr)
        sys.exit(FAILED)
