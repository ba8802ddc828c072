"""The products: which path belongs to which, what it needs besides a token, and how it says no.

Error codes are Zoho's where the notes give them; the numbers of the finance products are not in the notes, only
the shape of the body is meant.
"""

# Companies that exist; a request for another one is refused, so that a damaged number does not go unnoticed.
DESK_ORG = "700000001"
BOOKS_ORGANIZATION = "700000002"
SUBSCRIPTIONS_ORGANIZATION = "700000003"

TICKETS = [
    {"id": "41000000001", "ticketNumber": "101", "subject": "Printer is on fire", "status": "Open"},
    {"id": "41000000002", "ticketNumber": "102", "subject": "Cannot log in", "status": "Open"},
]
INVOICES = [{"invoice_id": "51000000001", "invoice_number": "INV-000001", "status": "unpaid", "total": 40.6}]
CONTACTS = [{"contact_id": "61000000001", "contact_name": "Bowman and Co"}]
PLANS = [{"plan_code": "basic-monthly", "name": "Basic", "recurring_price": 9}]


class Product:
    """A product: where it is, and the shape of its answers."""

    name = ""

    def refused(self, reason):
        """401 to a token that is none; (status, body)."""
        raise NotImplementedError

    def company(self, request):
        """None when the request names its company, else (status, body)."""
        return None

    def answer(self, request, path):
        """(status, body) of a request that is let in; `path` begins after the version."""
        raise NotImplementedError


class Desk(Product):
    name = "desk"

    def refused(self, reason):
        code = "INVALID_OAUTH" if reason == "oauth" else "UNAUTHORIZED"
        return 401, {"errorCode": code, "message": "The OAuth Token you provided is invalid."}

    def company(self, request):
        given = request.headers.get("orgid") or request.query.get("orgId")
        if not given:
            return 400, {"errorCode": "BAD_REQUEST", "message": "orgId is missing."}
        if given != DESK_ORG:
            return 403, {"errorCode": "OAUTH_ORG_MISMATCH", "message": "The token is of another organization."}
        return None

    def answer(self, request, path):
        if path == "/tickets" and request.method == "GET":
            return 200, {"data": TICKETS}
        if path == "/tickets" and request.method == "POST":
            if not isinstance(request.json(), dict):
                return 422, {"errorCode": "EMPTY_PAYLOAD", "message": "The payload is empty."}
            return 200, {"id": "41000000003", "ticketNumber": "103", "subject": request.json().get("subject")}
        if path == "/ticketsCount":
            return 200, {"count": len(TICKETS)}
        if path.startswith("/tickets/"):
            for ticket in TICKETS:
                if path == f"/tickets/{ticket['id']}":
                    return 200, ticket
        if path in ("/contacts", "/agents", "/departments", "/accounts"):
            return 200, {"data": []}
        return 404, {"errorCode": "URL_NOT_FOUND", "message": "The URL does not exist."}


class Finance(Product):
    """Books, Invoice, Inventory, Subscriptions: one family with one shape."""

    def __init__(self, name, organization, header, query):
        self.name = name
        self.organization = organization
        self.header = header
        # Subscriptions takes the company in its header only.
        self.query = query

    def refused(self, reason):
        return 401, {"code": 57, "message": "You are not authorized to perform this operation"}

    def company(self, request):
        given = request.headers.get(self.header)
        if self.query:
            given = given or request.query.get("organization_id") or request.form.get("organization_id")
        if not given:
            return 400, {"code": 4, "message": f"Invalid value passed for {self.header}"}
        if given != self.organization:
            return 400, {"code": 6041, "message": "This user is not associated with the organization"}
        return None

    def answer(self, request, path):
        lists = {"/invoices": ("invoices", INVOICES), "/contacts": ("contacts", CONTACTS), "/items": ("items", [])}
        if self.name == "subscriptions":
            lists = {"/plans": ("plans", PLANS), "/customers": ("customers", []), "/subscriptions": ("subscriptions", [])}
        if path not in lists:
            return 404, {"code": 5, "message": "Invalid URL Passed"}
        key, entries = lists[path]
        if request.method == "GET":
            return 200, {"code": 0, "message": "success", key: entries}
        if request.method == "POST":
            return 200, {"code": 0, "message": f"The {key[:-1]} has been created.", key[:-1]: {}}
        return 405, {"code": 37, "message": "The HTTP method is not allowed for the requested resource"}


class Crm(Product):
    name = "crm"

    def refused(self, reason):
        return 401, {"code": "INVALID_TOKEN", "details": {}, "message": "invalid oauth token", "status": "error"}

    def answer(self, request, path):
        if path in ("/Leads", "/Contacts", "/Accounts", "/users"):
            return 200, {"data": [{"id": "71000000001"}]}
        return 404, {"code": "INVALID_URL_PATTERN", "details": {}, "message": "no such URL", "status": "error"}


class Projects(Product):
    name = "projects"

    def refused(self, reason):
        return 401, {"error": {"code": 6401, "message": "INVALID_OAUTHTOKEN"}}

    def answer(self, request, path):
        # Trailing slashes are part of the path there.
        if path == "/portals/" or path.startswith("/portal/") and path.endswith("/"):
            return 200, {"portals": []}
        return 404, {"error": {"code": 6404, "message": "no such URL"}}


DESK = Desk()
BOOKS = Finance("books", BOOKS_ORGANIZATION, "x-com-zoho-books-organizationid", True)
INVOICE = Finance("invoice", BOOKS_ORGANIZATION, "x-com-zoho-invoice-organizationid", True)
INVENTORY = Finance("inventory", BOOKS_ORGANIZATION, "x-com-zoho-inventory-organizationid", True)
SUBSCRIPTIONS = Finance("subscriptions", SUBSCRIPTIONS_ORGANIZATION, "x-com-zoho-subscriptions-organizationid", False)

# (label of the host, beginning of the path, product). What is not here does not exist: the URLs that died with the
# authtoken (CRM v1, Support, Recruit v1, …) answer 404 with any token.
ROUTES = [
    ("desk", "/api/v1", DESK),
    ("books", "/api/v3", BOOKS),
    ("apis", "/books/v3", BOOKS),
    ("invoice", "/api/v3", INVOICE),
    ("apis", "/invoice/v3", INVOICE),
    ("inventory", "/api/v1", INVENTORY),
    ("apis", "/inventory/v1", INVENTORY),
    ("subscriptions", "/api/v1", SUBSCRIPTIONS),
    ("apis", "/billing/v1", SUBSCRIPTIONS),
    ("apis", "/crm/v2", Crm()),
    ("projectsapi", "/restapi", Projects()),
]


def route(label, path):
    """(product, rest of the path), or None."""
    for host_label, prefix, product in ROUTES:
        if host_label == label and path.startswith(prefix + "/"):
            return product, path[len(prefix) :]
    return None
