"""The names that the mock of Zoho answers to: one line per data centre, and the products under each.

A name that Zoho's pages only suggest by pattern is in here too; a wrong name (accounts.zoho.au) is not, so that a
program that makes one up cannot resolve it.
"""

# Data centre: (accounts host, unified API host, domain of the products).
DATA_CENTRES = {
    "us": ("accounts.zoho.com", "www.zohoapis.com", "zoho.com"),
    "eu": ("accounts.zoho.eu", "www.zohoapis.eu", "zoho.eu"),
    "in": ("accounts.zoho.in", "www.zohoapis.in", "zoho.in"),
    "au": ("accounts.zoho.com.au", "www.zohoapis.com.au", "zoho.com.au"),
    "cn": ("accounts.zoho.com.cn", "www.zohoapis.com.cn", "zoho.com.cn"),
    "jp": ("accounts.zoho.jp", "www.zohoapis.jp", "zoho.jp"),
    "ca": ("accounts.zohocloud.ca", "www.zohoapis.ca", "zohocloud.ca"),
    "sa": ("accounts.zoho.sa", "www.zohoapis.sa", "zoho.sa"),
    "uk": ("accounts.zoho.uk", "www.zohoapis.uk", "zoho.uk"),
    "ae": ("accounts.zoho.ae", "www.zohoapis.ae", "zoho.ae"),
}

PRODUCT_LABELS = (
    "books",
    "crm",
    "desk",
    "expense",
    "inventory",
    "invoice",
    "mail",
    "people",
    "projectsapi",
    "recruit",
    "subscriptions",
)


def all_hosts():
    """Every host: (name, data centre, "accounts", "apis" or the label of a product)."""
    for centre, (accounts, apis, domain) in DATA_CENTRES.items():
        yield accounts, centre, "accounts"
        yield apis, centre, "apis"
        for label in PRODUCT_LABELS:
            yield f"{label}.{domain}", centre, label


HOSTS = {name: (centre, label) for name, centre, label in all_hosts()}
