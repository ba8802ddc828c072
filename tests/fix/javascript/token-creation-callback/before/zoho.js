const request = require('request');

function getToken(email, password, callback) {
  request.post({
    url: 'https://accounts.zoho.com/apiauthtoken/nb/create',
    form: { SCOPE: 'ZohoBooks/booksapi', EMAIL_ID: email, PASSWORD: password },
  }, (error, response, body) => {
    if (error) {
      return callback(error);
    }
    callback(null, body.split('AUTHTOKEN=')[1].split('\n')[0]);
  });
}

function contacts(settings, callback) {
  getToken(settings.email, settings.password, (error, token) => {
    if (error) {
      return callback(error);
    }
    request.get({
      url: 'https://books.zoho.com/api/v3/contacts',
      qs: { authtoken: token, organization_id: settings.organization },
    }, callback);
  });
}

module.exports = contacts;
