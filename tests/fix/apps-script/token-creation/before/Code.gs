var EMAIL = 'somebody@example.com';
var PASSWORD = 'blue-horse';

function getAuthToken_() {
  var response = UrlFetchApp.fetch('https://accounts.zoho.com/apiauthtoken/nb/create', {
    method: 'post',
    payload: { SCOPE: 'ZohoBooks/booksapi', EMAIL_ID: EMAIL, PASSWORD: PASSWORD },
  });
  var lines = response.getContentText().split('\n');
  Logger.log(lines);
  return lines[2].split('=')[1];
}

function listInvoices() {
  var token = getAuthToken_();
  var response = UrlFetchApp.fetch('https://books.zoho.com/api/v3/invoices?authtoken=' + token + '&organization_id=7');
  return JSON.parse(response.getContentText());
}
