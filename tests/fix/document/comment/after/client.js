// curl -H "Authorization: Zoho-oauthtoken ACCESS_TOKEN" https://desk.zoho.com/api/v1/tickets
// const url = 'https://books.zoho.com/api/v3/invoices?organization_id=10';
function nothing() {}
