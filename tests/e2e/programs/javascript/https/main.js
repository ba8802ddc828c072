// Shape `query-concatenation-last`: the https module with an options object, the authtoken as the last parameter of a
// path put together over three lines, a callback with events, token from the environment.
'use strict';

const https = require('https');
const { promisify } = require('util');
const run = require('../driver.cjs');

const TOKEN = process.env.ZOHO_AUTHTOKEN;
const ORGANIZATION = '700000002';

function unpaidInvoices(callback) {
  const options = {
    hostname: 'books.zoho.com',
    path:
      '/api/v3/invoices?organization_id=' + ORGANIZATION +
      '&status=unpaid' +
      '&authtoken=' + TOKEN,
    method: 'GET',
    headers: { Accept: 'application/json' },
  };
  const req = https.request(options, (res) => {
    let data = '';
    res.on('data', (chunk) => {
      data += chunk;
    });
    res.on('end', () => callback(null, { status: res.statusCode, body: data }));
  });
  req.on('error', callback);
  req.end();
}

run(promisify(unpaidInvoices));
