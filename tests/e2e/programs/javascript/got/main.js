// Shape `query-literal-first`: got 11 in an async function, the authtoken written out as the first parameter of a
// literal URL.
'use strict';

const run = require('../driver.cjs');
const got = require('got');

async function listContacts() {
  const response = await got(
    'https://books.zoho.com/api/v3/contacts?authtoken=0123456789abcdef0123456789abcdef&organization_id=700000002',
    { throwHttpErrors: false },
  );
  return { status: response.statusCode, body: response.body };
}

run(listContacts);
