"""The mock does what the notes on Zoho say: run it with `python3 test_mock.py`. Needs openssl, no namespace."""

import http.client
import json
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parent))

import mock
from accounts import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN

AUTHTOKEN = "0123456789abcdef0123456789abcdef"
GOOD = {
    "grant_type": "refresh_token",
    "client_id": CLIENT_ID,
    "client_secret": CLIENT_SECRET,
    "refresh_token": REFRESH_TOKEN,
}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DESK = {"orgId": "700000001"}


class Connection(http.client.HTTPSConnection):
    """Goes to the mock's port whatever the host, as the hosts file and port 443 do in the namespace."""

    def __init__(self, host, port):
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        super().__init__(host, 443, context=context, timeout=10)
        self.real_port = port

    def connect(self):
        plain = socket.create_connection(("127.0.0.1", self.real_port), 10)
        self.sock = self._context.wrap_socket(plain, server_hostname=self.host)


class MockTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.key, cls.certificate = f"{cls.folder.name}/key.pem", f"{cls.folder.name}/certificate.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-subj", "/CN=mock", "-days", "2", "-keyout", cls.key, "-out", cls.certificate],
            check=True, capture_output=True,
        )  # fmt: skip
        cls.zoho = mock.Zoho()
        cls.servers = mock.serve(cls.zoho, cls.certificate, cls.key, 0, 0)
        cls.port = cls.servers[0].server_address[1]
        cls.control_port = cls.servers[1].server_address[1]

    @classmethod
    def tearDownClass(cls):
        for server in cls.servers:
            server.shutdown()
            server.server_close()
        cls.folder.cleanup()

    def setUp(self):
        self.control("settings", mock.Accounts().settings)
        self.control("reset", {})

    def ask(self, host, target, method="GET", headers=None, body=None):
        connection = Connection(host, self.port)
        connection.request(method, target, body, headers or {})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        try:
            return answer.status, json.loads(text)
        except ValueError:
            return answer.status, text

    def control(self, page, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.control_port, timeout=10)
        connection.request("GET" if body is None else "POST", f"/{page}", None if body is None else json.dumps(body))
        answer = json.loads(connection.getresponse().read())
        connection.close()
        return answer

    def token(self, host="accounts.zoho.com", **changes):
        return self.ask(host, "/oauth/v2/token", "POST", FORM, urlencode({**GOOD, **changes}))[1]

    def desk(self, token, host="desk.zoho.com"):
        headers = {**DESK, "Authorization": f"Zoho-oauthtoken {token}"}
        return self.ask(host, "/api/v1/tickets", headers=headers)

    def test_authtokens_are_refused_in_every_carrier(self):
        good = {"Authorization": "Zoho-oauthtoken " + self.token()["access_token"]}
        desk, books = "/api/v1/tickets", "/api/v3/contacts?organization_id=700000002"
        form = urlencode({"authtoken": AUTHTOKEN})
        for carrier, host, target, headers, body in [
            ("raw-header", "desk.zoho.com", desk, {"Authorization": AUTHTOKEN}, None),
            ("scheme-header", "desk.zoho.com", desk, {"Authorization": f"Zoho-authtoken {AUTHTOKEN}"}, None),
            ("other-scheme", "desk.zoho.com", desk, {"Authorization": f"Bearer {AUTHTOKEN}"}, None),
            ("query", "desk.zoho.com", f"{desk}?authtoken={AUTHTOKEN}", good, None),
            ("query", "books.zoho.com", f"{books}&authtoken={AUTHTOKEN}", good, None),
            ("form", "books.zoho.com", books, {**good, **FORM}, form),
            ("json", "books.zoho.com", books, good, json.dumps({"authtoken": AUTHTOKEN})),
        ]:
            with self.subTest(carrier=carrier, host=host):
                method = "POST" if body else "GET"
                status, answer = self.ask(host, target, method, {**DESK, **headers}, body)
                self.assertEqual(status, 401)
                if host.startswith("desk"):
                    self.assertEqual(answer["errorCode"], "INVALID_OAUTH")
                self.assertEqual(self.control("log")[-1]["carriers"], [carrier])

    def test_a_refreshed_token_opens_every_product(self):
        answer = self.token()
        self.assertEqual(answer["expires_in"], 3600)
        self.assertEqual(answer["api_domain"], "https://www.zohoapis.com")
        self.assertNotIn("refresh_token", answer)
        oauth = {"Authorization": f"Zoho-oauthtoken {answer['access_token']}"}
        subscriptions = {"X-com-zoho-subscriptions-organizationid": "700000003"}
        for host, target, headers in [
            ("desk.zoho.com", "/api/v1/tickets", DESK),
            ("desk.zoho.com", "/api/v1/tickets?orgId=700000001", {}),
            ("books.zoho.com", "/api/v3/invoices?organization_id=700000002", {}),
            ("www.zohoapis.com", "/books/v3/invoices?organization_id=700000002", {}),
            ("subscriptions.zoho.com", "/api/v1/plans", subscriptions),
            ("www.zohoapis.com", "/billing/v1/plans", subscriptions),
            ("www.zohoapis.com", "/crm/v2/Leads", {}),
            ("projectsapi.zoho.com", "/restapi/portals/", {}),
        ]:
            with self.subTest(host=host, target=target):
                self.assertEqual(self.ask(host, target, headers={**oauth, **headers})[0], 200)

    def test_the_company_is_needed(self):
        oauth = {"Authorization": f"Zoho-oauthtoken {self.token()['access_token']}"}
        self.assertEqual(self.ask("desk.zoho.com", "/api/v1/tickets", headers=oauth)[0], 400)
        self.assertEqual(self.ask("desk.zoho.com", "/api/v1/tickets?orgId=1", headers=oauth)[0], 403)
        self.assertEqual(self.ask("books.zoho.com", "/api/v3/invoices", headers=oauth)[0], 400)
        target = "/api/v1/plans?organization_id=700000003"
        self.assertEqual(self.ask("subscriptions.zoho.com", target, headers=oauth)[0], 400)

    def test_other_tokens_are_refused(self):
        token = self.token()["access_token"]
        self.assertEqual(self.desk("1000.0a0a.0b0b")[0], 401)
        self.assertEqual(self.desk(token, "desk.zoho.eu")[0], 401, "a token is good in its own data centre")
        self.assertEqual(self.ask("desk.zoho.com", f"/api/v1/tickets?oauthtoken={token}", headers=DESK)[0], 401)
        status, answer = self.ask("desk.zoho.com", "/api/v1/tickets", headers=DESK)
        self.assertEqual((status, answer["errorCode"]), (401, "UNAUTHORIZED"))
        self.assertEqual(self.desk(token)[0], 200)
        eu = self.token("accounts.zoho.eu")["access_token"]
        self.assertEqual(self.desk(eu, "desk.zoho.eu")[0], 200)

    def test_tokens_expire_and_are_revoked(self):
        self.control("settings", {"token_life": 0.3})
        token = self.token()["access_token"]
        self.assertEqual(self.desk(token)[0], 200)
        time.sleep(0.4)
        self.assertEqual(self.desk(token)[0], 401)
        self.control("settings", {"token_life": 60})
        token = self.token()["access_token"]
        self.control("revoke", {})
        self.assertEqual(self.desk(token)[0], 401)
        token = self.token()["access_token"]
        self.control("reset", {})
        self.control("settings", {"revoke_before_call": 2})
        token = self.token()["access_token"]
        self.assertEqual([self.desk(token)[0], self.desk(token)[0]], [200, 401])

    def test_expires_in_may_be_in_milliseconds(self):
        self.control("settings", {"token_life": 5, "expires_in_unit": "milliseconds"})
        answer = self.token()
        self.assertEqual((answer["expires_in"], answer["expires_in_sec"]), (5000, 5))

    def test_the_token_endpoint_answers_errors_with_200(self):
        path = "/oauth/v2/token"
        for expected, changes in [
            ("invalid_client", {"client_id": "1000.SOMEBODYELSE"}),
            ("invalid_client_secret", {"client_secret": "wrong"}),
            ("invalid_code", {"refresh_token": "1000.0a.0b"}),
            ("invalid_grant", {"grant_type": "password"}),
        ]:
            self.assertEqual(self.token(**changes), {"error": expected})
        for headers in ({"Content-Type": "application/json"}, FORM):
            status, answer = self.ask("accounts.zoho.com", path, "POST", headers, json.dumps(GOOD))
            self.assertEqual((status, answer), (200, {"error": "invalid_client"}))
        self.assertEqual(self.ask("accounts.zoho.com", f"{path}?{urlencode(GOOD)}")[0], 500)
        status, answer = self.ask("accounts.zoho.com", f"{path}?{urlencode(GOOD)}", "POST")
        self.assertIn("access_token", answer)

    def test_the_eleventh_refresh_is_denied(self):
        tokens = [self.token()["access_token"] for _ in range(10)]
        self.assertEqual(self.desk(tokens[0])[0], 200)
        answer = self.token()
        self.assertEqual((answer["error"], answer["status"]), ("Access Denied", "failure"))

    def test_a_revoked_refresh_token_is_no_use(self):
        token = self.token()["access_token"]
        target = f"/oauth/v2/token/revoke?token={REFRESH_TOKEN}"
        self.assertEqual(self.ask("accounts.zoho.com", target, "POST")[1], {"status": "success"})
        self.assertEqual(self.desk(token)[0], 401)
        self.assertEqual(self.token(), {"error": "invalid_code"})

    def test_dead_urls_stay_dead(self):
        oauth = {"Authorization": f"Zoho-oauthtoken {self.token()['access_token']}"}
        for host, target in [
            ("crm.zoho.com", "/crm/private/json/Leads/getRecords"),
            ("recruit.zoho.com", "/recruit/private/json/Candidates/getRecords"),
            ("accounts.zoho.com", "/apiauthtoken/delete"),
        ]:
            self.assertEqual(self.ask(host, target, headers=oauth)[0], 404)

    def test_nobody_makes_authtokens_any_more(self):
        target = "/apiauthtoken/nb/create?SCOPE=ZohoSupport/supportapi&EMAIL_ID=a@example.com&PASSWORD=made-up"
        for method in ("GET", "POST"):
            status, answer = self.ask("accounts.zoho.com", target, method)
            self.assertEqual(status, 200)
            self.assertIn("\nRESULT=FALSE\n", answer)
            self.assertIn("\nCAUSE=", answer)
            self.assertNotIn("AUTHTOKEN", answer)

    def test_settings_are_checked(self):
        self.assertIn("error", self.control("settings", {"token_live": 2}))
        self.assertIn("error", self.control("settings", {"expires_in_unit": "hours"}))


if __name__ == "__main__":
    unittest.main()
