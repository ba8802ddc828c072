const request = require('request');
const { accessToken: zohoAccessToken } = require('./zoho-access-token.cjs');

function getToken(email, password, callback) {
  zohoAccessToken().then((zohoToken) => callback(null, zohoToken), callback);
}

function contacts(settings, callback) {
  getToken(settings.email, settings.password, (error, token) => {
    if (error) {
      return callback(error);
    }
    zohoAccessToken().then((zohoToken) => {
      request.get({
        headers: { Authorization: 'Zoho-oauthtoken ' + zohoToken },
        url: 'https://books.zoho.com/api/v3/contacts',
        qs: { organization_id: settings.organization },
      }, callback);
    }, callback);
  });
}

module.exports = contacts;
