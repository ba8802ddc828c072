#!/bin/sh
TOKEN=0123456789abcdef0123456789abcdef
curl -H "Authorization: Zoho-authtoken $TOKEN" https://desk.zoho.com/api/v1/tickets
curl "https://books.zoho.com/api/v3/invoices?authtoken=$TOKEN&organization_id=10"
