const request = require('request');
const { accessToken: zohoAccessToken } = require('./zoho-access-token.cjs');

exports.invoice = function (zohoToken, callback) {
  zohoAccessToken().then(function (zohoOAuthToken) {
    request.get({ url: 'https://books.zoho.com/api/v3/invoices', headers: { Authorization: 'Zoho-oauthtoken ' + zohoOAuthToken, 'X-Client': zohoToken } }, callback);
  }, callback);
};
