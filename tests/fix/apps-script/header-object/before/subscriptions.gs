var AUTHTOKEN = '5e7ac0ffee0badc0de1deadbeef0cafe';
var ORGANIZATION = '7000123';

function listPlans() {
  var options = {
    'method': 'get',
    'headers': {
      'Authorization': 'Zoho-authtoken ' + AUTHTOKEN,
      'X-com-zoho-subscriptions-organizationid': ORGANIZATION
    },
    'muteHttpExceptions': true
  };
  var response = UrlFetchApp.fetch('https://subscriptions.zoho.com/api/v1/plans', options);
  return JSON.parse(response.getContentText()).plans;
}
