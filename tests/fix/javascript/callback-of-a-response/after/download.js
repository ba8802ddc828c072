var https = require('https');
var zohoAccessToken = require('./zoho-access-token.cjs').accessToken;

// The callback of this client takes the answer, and of this function the text.
exports.download = function (id, callback) {
  zohoAccessToken().then(function (zohoToken) {
    https.get({
      host: 'books.zoho.com',
      path: '/api/v3/invoices/' + id,
      headers: { Authorization: 'Zoho-oauthtoken ' + zohoToken }
    }, function (response) {
      var text = '';
      response.on('data', function (piece) { text += piece; });
      response.on('end', function () { callback(text); });
    });
  });
};

exports.stream = function (id, onResponse) {
  zohoAccessToken().then(function (zohoToken) {
    https.get({
      host: 'books.zoho.com',
      path: '/api/v3/invoices/' + id,
      headers: { Authorization: 'Zoho-oauthtoken ' + zohoToken }
    }, onResponse);
  });
};
