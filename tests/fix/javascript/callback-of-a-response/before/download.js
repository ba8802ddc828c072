var https = require('https');

// The callback of this client takes the answer, and of this function the text.
exports.download = function (id, callback) {
  https.get({
    host: 'books.zoho.com',
    path: '/api/v3/invoices/' + id,
    headers: { Authorization: 'Zoho-authtoken ' + process.env.ZOHO_AUTHTOKEN }
  }, function (response) {
    var text = '';
    response.on('data', function (piece) { text += piece; });
    response.on('end', function () { callback(text); });
  });
};

exports.stream = function (id, onResponse) {
  https.get({
    host: 'books.zoho.com',
    path: '/api/v3/invoices/' + id,
    headers: { Authorization: 'Zoho-authtoken ' + process.env.ZOHO_AUTHTOKEN }
  }, onResponse);
};
