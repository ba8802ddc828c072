const request = require('request');

exports.invoice = function (zohoToken, callback) {
  request.get({ url: 'https://books.zoho.com/api/v3/invoices', headers: { Authorization: 'Zoho-authtoken ' + zohoToken, 'X-Client': zohoToken } }, callback);
};
