const request = require('request');

// The answer goes on after the error.
exports.count = function (callback) {
  request.get({ url: 'https://desk.zoho.com/api/v1/ticketsCount', json: true, headers: { Authorization: 'Zoho-authtoken ' + process.env.ZOHO_AUTHTOKEN } }, function (error, response, body) {
    if (error) callback(error);
    callback(null, body || 0);
  });
};

// An error becomes another answer.
exports.first = function (callback) {
  request.get({ url: 'https://desk.zoho.com/api/v1/tickets', json: true, headers: { Authorization: 'Zoho-authtoken ' + process.env.ZOHO_AUTHTOKEN } }, function (error, response, body) {
    callback(error, body ? body.data[0] : null);
  });
};
