// Shape `form-object-callback`: needle posts a form with a callback, the authtoken as one of its fields, token from the
// environment.
'use strict';

const { promisify } = require('util');
const needle = require('needle');
const run = require('../driver.cjs');

function addContact(name, callback) {
  const data = {
    authtoken: process.env.ZOHO_AUTHTOKEN,
    organization_id: '700000002',
    JSONString: JSON.stringify({ contact_name: name }),
  };
  needle.post('https://books.zoho.com/api/v3/contacts', data, function (err, resp) {
    if (err) {
      return callback(err);
    }
    callback(null, { status: resp.statusCode, body: resp.body });
  });
}

run(() => promisify(addContact)('Bowman and Co'));
