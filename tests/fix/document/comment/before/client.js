// curl -H "Authorization: Zoho-authtoken 0123456789abcdef0123456789abcdef" https://desk.zoho.com/api/v1/tickets
// const url = 'https://books.zoho.com/api/v3/invoices?authtoken=0123456789abcdef0123456789abcdef&organization_id=10';
function nothing() {}
