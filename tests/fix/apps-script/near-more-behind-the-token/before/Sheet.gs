function refresh(filters) {
  var token = SpreadsheetApp.getActive().getSheetByName('Settings').getRange('B1').getValue();
  var res = UrlFetchApp.fetch('https://www.zohoapis.com/books/v3/expenses?organization_id=10234695&authtoken=' + token + filters);
  return JSON.parse(res.getContentText()).expenses;
}
