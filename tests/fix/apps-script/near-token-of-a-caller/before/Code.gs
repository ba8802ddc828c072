function doGet(e) {
  var answer = UrlFetchApp.fetch('https://desk.zoho.com/api/v1/tickets', {
    headers: { orgId: '12345', Authorization: 'Zoho-authtoken ' + e.parameter.authtoken },
  });
  return ContentService.createTextOutput(answer.getContentText());
}
