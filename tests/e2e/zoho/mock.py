"""A mock of Zoho: accounts server and products over TLS in one process, with the standard library alone.

It knows what reference notes on Zoho say and nothing of the programs that are tested with it. A request is let in
with `Authorization: Zoho-oauthtoken <token>` when the token was issued here, lives, and belongs to the data centre
that is asked; everything else is answered with 401 and the error body of the product. A request that shows an
authtoken anywhere is refused even when it has a good token too.

    mock.py --certificate FILE --key FILE [--port 443] [--control-port 9443] [--settings JSON] [--log FILE]
            [--until-stdin-closes]
    mock.py --print-hosts

The control interface speaks plain HTTP on its own port of the loopback; `control.py` is its client:

    GET  /log        every request so far, as a JSON list
    GET  /state      settings, number of calls, refreshes and live tokens
    POST /settings   a JSON object of settings to change (see accounts.DEFAULTS)
    POST /revoke     revokes all access tokens
    POST /reset      forgets log, tokens and refreshes

`--log` writes the same log, one JSON object a line, for whoever is outside the network namespace.
"""

import argparse
import json
import re
import ssl
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import products
from accounts import Accounts
from hosts import DATA_CENTRES, HOSTS

OAUTH_TOKEN = re.compile(r"1000\.[0-9a-zA-Z]+\.[0-9a-zA-Z]+")


class Request:
    """One request as the products see it: header names in lower case, parameters decoded."""

    def __init__(self, method, target, headers, body):
        parts = urlsplit(target)
        self.method = method
        self.path = parts.path
        self.headers = headers
        self.body = body
        self.pairs = parse_qsl(parts.query, keep_blank_values=True)
        self.query = dict(self.pairs)
        kind = headers.get("content-type", "").split(";")[0].strip().lower()
        self.form = {}
        if kind == "application/x-www-form-urlencoded":
            self.form = dict(parse_qsl(body, keep_blank_values=True))
        elif kind == "multipart/form-data":
            names = re.findall(r'name="([^"]*)"\r?\n(?:[^\r\n]+\r?\n)*\r?\n([^\r\n]*)', body)
            self.form = dict(names)

    def json(self):
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def carriers(self):
        """The ways in which this request shows an authtoken, or a token where none is allowed."""
        found = []
        scheme, _, rest = self.headers.get("authorization", "").strip().partition(" ")
        if scheme.lower() == "zoho-authtoken":
            found.append("scheme-header")
        elif scheme and not rest:
            found.append("raw-header")
        elif scheme and scheme.lower() != "zoho-oauthtoken":
            # Bearer too: Zoho does not document it.
            found.append("other-scheme")
        if any("authtoken" in name for name in self.headers):
            found.append("named-header")
        if any(name.lower() == "authtoken" for name in self.query):
            found.append("query")
        if any(name.lower() == "authtoken" for name in self.form):
            found.append("form")
        body = self.json()
        if isinstance(body, dict) and any(name.lower() == "authtoken" for name in body):
            found.append("json")
        if any(OAUTH_TOKEN.search(value) or "oauthtoken" in name.lower() for name, value in self.pairs):
            found.append("oauth-in-query")
        return found

    def oauth_token(self):
        scheme, _, token = self.headers.get("authorization", "").strip().partition(" ")
        return token if scheme.lower() == "zoho-oauthtoken" else None


class Zoho:
    """State, log and answers; knows no sockets."""

    def __init__(self, settings=None, log=None):
        self.accounts = Accounts(settings)
        self.lock = threading.Lock()
        self.entries = []
        self.log = log
        self.began = time.monotonic()

    def record(self, entry):
        with self.lock:
            self.entries.append(entry)
            if self.log:
                self.log.write(json.dumps(entry) + "\n")
                self.log.flush()

    def answer(self, host, sni, request):
        """(status, body): a JSON value, or text where Zoho answers none."""
        if host not in HOSTS:
            return 421, f"no such host: {host}"
        if sni != host:
            return 421, f"TLS asked for {sni}, HTTP for {host}"
        centre, label = HOSTS[host]
        if label == "accounts":
            return self.answer_accounts(centre, request)
        return self.answer_product(centre, label, request)

    def answer_accounts(self, centre, request):
        time.sleep(self.accounts.settings["token_delay"])
        if request.path == "/oauth/v2/token":
            if request.method != "POST":
                return 500, "<html><body>Internal Server Error</body></html>"
            # A JSON body is not read: nothing is left then, and the client is unknown.
            return 200, self.accounts.token_endpoint({**request.query, **request.form}, centre)
        if request.path == "/oauth/v2/token/revoke" and request.method == "POST":
            token = request.query.get("token") or request.form.get("token")
            if token and self.accounts.revoke(token):
                return 200, {"status": "success"}
            return 200, {"error": "invalid_code"}
        if request.path == "/oauth/serverinfo" and request.method == "GET":
            places = {name: f"https://{accounts}" for name, (accounts, _, _) in DATA_CENTRES.items()}
            return 200, {"result": "success", "locations": places}
        if request.path in ("/apiauthtoken/nb/create", "/apiauthtoken/create"):
            return 200, self.accounts.make_authtoken()
        return 404, "<html><body>Not Found</body></html>"

    def answer_product(self, centre, label, request):
        time.sleep(self.accounts.settings["delay"])
        found = products.route(label, request.path)
        if found is None:
            return 404, "<html><body>Not Found</body></html>"
        product, path = found
        self.accounts.count_call()
        token = request.oauth_token()
        carriers = request.carriers()
        if carriers or token is None or not self.accounts.accepts(token, centre):
            return product.refused("oauth" if token or carriers else "nothing")
        refusal = product.company(request)
        return refusal or product.answer(request, path)

    def state(self):
        accounts = self.accounts
        with accounts.lock:
            return {
                "settings": accounts.settings,
                "calls": accounts.calls,
                "refreshes": len(accounts.refreshes),
                "live_tokens": sum(time.monotonic() < each["until"] for each in accounts.tokens),
            }


class Handler(BaseHTTPRequestHandler):
    """One connection of a client; connections are kept alive, as Zoho's are."""

    protocol_version = "HTTP/1.1"
    # An answer in small packets would wait for the client's acknowledgements.
    wbufsize = -1
    disable_nagle_algorithm = True

    def handle_request(self):
        body = self.read_body()
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, self.path, headers, body)
        host = headers.get("host", "").lower().removesuffix(":443")
        sni = getattr(self.connection, "asked_name", None)
        zoho = self.server.zoho
        began = time.monotonic()
        status, answer = zoho.answer(host, sni, request)
        zoho.record(
            {
                "at": round(began - zoho.began, 3),
                "method": request.method,
                "host": host,
                "path": request.path,
                "query": request.pairs,
                "headers": headers,
                "body": body,
                "form": request.form,
                "carriers": request.carriers(),
                "status": status,
                "answer": answer,
            }
        )
        self.send(status, answer)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = handle_request

    def read_body(self):
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            body = b""
            while size := int(self.rfile.readline().split(b";")[0], 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            while self.rfile.readline().strip():
                pass
        else:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        return body.decode("utf-8", "replace")

    def send(self, status, answer):
        if isinstance(answer, str) and answer.startswith("#"):
            kind, content = "text/plain;charset=UTF-8", answer.encode()
        elif isinstance(answer, str):
            kind, content = "text/html;charset=UTF-8", answer.encode()
        else:
            kind, content = "application/json;charset=UTF-8", json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
        self.wfile.flush()

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    # Twenty callers and more connect in the same moment.
    request_queue_size = 128

    def __init__(self, address, zoho, certificate, key):
        super().__init__(address, Handler)
        self.zoho = zoho
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)
        self.context.sni_callback = self.remember_name

    @staticmethod
    def remember_name(connection, name, _context):
        connection.asked_name = name.lower() if name else None

    def finish_request(self, connection, address):
        # In the thread of the connection: a slow handshake must not keep the others from being accepted.
        try:
            secured = self.context.wrap_socket(connection, server_side=True)
        except OSError as error:
            self.zoho.record({"tls_error": str(error)})
            return
        try:
            self.RequestHandlerClass(secured, address, self)
        except OSError:
            # The client has gone.
            pass
        finally:
            secured.close()


class Control(BaseHTTPRequestHandler):
    """The control interface."""

    def do_GET(self):
        zoho = self.server.zoho
        if self.path == "/log":
            with zoho.lock:
                return self.send(200, list(zoho.entries))
        if self.path == "/state":
            return self.send(200, zoho.state())
        return self.send(404, {"error": "no such page"})

    def do_POST(self):
        zoho = self.server.zoho
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/settings":
            try:
                zoho.accounts.change(json.loads(body))
            except ValueError as error:
                return self.send(400, {"error": str(error)})
        elif self.path == "/revoke":
            zoho.accounts.revoke()
        elif self.path == "/reset":
            zoho.accounts.reset()
            with zoho.lock:
                zoho.entries.clear()
        else:
            return self.send(404, {"error": "no such page"})
        return self.send(200, zoho.state())

    def send(self, status, answer):
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


def serve(zoho, certificate, key, port, control_port):
    """Starts both servers in threads of their own; a port of 0 takes a free one."""
    servers = [Server(("127.0.0.1", port), zoho, certificate, key)]
    control = ThreadingHTTPServer(("127.0.0.1", control_port), Control)
    control.zoho = zoho
    servers.append(control)
    for server in servers:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    return servers


def main():
    parser = argparse.ArgumentParser(description="A mock of Zoho over TLS on the loopback.")
    parser.add_argument("--print-hosts", action="store_true", help="print the host names, one a line, and stop")
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.add_argument("--port", type=int, default=443)
    parser.add_argument("--control-port", type=int, default=9443)
    parser.add_argument("--settings", default="{}", help="a JSON object, see accounts.DEFAULTS")
    parser.add_argument("--log", help="a file that every request is appended to, one JSON object a line")
    parser.add_argument("--until-stdin-closes", action="store_true", help="so that no mock outlives who started it")
    arguments = parser.parse_args()
    if arguments.print_hosts:
        print("\n".join(HOSTS))
        return
    if not arguments.certificate or not arguments.key:
        parser.error("--certificate and --key are needed")
    log = open(arguments.log, "a", encoding="utf-8") if arguments.log else None
    zoho = Zoho(json.loads(arguments.settings), log)
    serve(zoho, arguments.certificate, arguments.key, arguments.port, arguments.control_port)
    print("ready", flush=True)
    if arguments.until_stdin_closes:
        sys.stdin.read()
    else:
        threading.Event().wait()


if __name__ == "__main__":
    main()
