// Shape `query-template-middle`: global fetch in an async function, the authtoken between two other parameters of a
// template, token from the environment.
'use strict';

const run = require('../driver.cjs');

const organizationId = '700000002';
const authtoken = process.env.ZOHO_AUTHTOKEN;

async function unpaidInvoices() {
  const response = await fetch(
    `https://books.zoho.com/api/v3/invoices?organization_id=${organizationId}&authtoken=${authtoken}&status=unpaid`,
    { headers: { Accept: 'application/json' } },
  );
  return { status: response.status, body: await response.text() };
}

run(unpaidInvoices);
