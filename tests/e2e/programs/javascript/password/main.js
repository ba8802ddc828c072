// Shape `token-made-by-password`: global fetch, an authtoken made for each call with an e-mail address and a password,
// cut out of the text that answers, and sent with its scheme.
'use strict';

const run = require('../driver.cjs');
const { createToken } = require('./auth');

async function openTickets() {
  const token = await createToken(process.env.ZOHO_EMAIL || 'nobody@example.com', process.env.ZOHO_PASSWORD || 'made-up');
  const response = await fetch('https://desk.zoho.com/api/v1/tickets?status=open', {
    headers: { Authorization: 'Zoho-authtoken ' + token, orgId: '700000001' },
  });
  return { status: response.status, body: await response.text() };
}

run(openTickets);
