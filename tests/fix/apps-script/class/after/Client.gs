class MailClient {
  constructor(token) {
    this.options = {
      headers: { Authorization: 'Zoho-oauthtoken ' + zohoAccessToken() },
      muteHttpExceptions: true,
    };
  }

  accounts() {
    return JSON.parse(UrlFetchApp.fetch('https://mail.zoho.com/api/accounts', this.options).getContentText()).data;
  }
}

function main() {
  const client = new MailClient(PropertiesService.getScriptProperties().getProperty('mail'));
  Logger.log(client.accounts());
}
