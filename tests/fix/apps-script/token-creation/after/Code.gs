var EMAIL = 'somebody@example.com';
var PASSWORD = 'blue-horse';

function getAuthToken_() {
  return zohoAccessToken();
}

function listInvoices() {
  var token = getAuthToken_();
  var response = UrlFetchApp.fetch('https://books.zoho.com/api/v3/invoices?organization_id=7', { headers: { Authorization: 'Zoho-oauthtoken ' + zohoAccessToken() } });
  return JSON.parse(response.getContentText());
}
