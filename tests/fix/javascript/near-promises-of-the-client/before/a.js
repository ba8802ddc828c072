const rp = require('request-promise');
const errors = require('request-promise/errors');

function ticket(id) {
  return rp({ uri: 'https://desk.zoho.com/api/v1/tickets/' + id, json: true, headers: { Authorization: 'Zoho-authtoken ' + process.env.ZOHO_AUTHTOKEN } });
}

exports.exists = id => ticket(id).catch(errors.StatusCodeError, () => null);
