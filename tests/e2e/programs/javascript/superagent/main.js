// Shape `raw-header`: superagent in an async function, the bare authtoken as the whole `Authorization`, token from the
// environment.
'use strict';

const run = require('../driver.cjs');
const superagent = require('superagent');

const { ZOHO_AUTHTOKEN } = process.env;

async function ticket(id) {
  const res = await superagent
    .get(`https://desk.zoho.com/api/v1/tickets/${id}`)
    .set('orgId', '700000001')
    .set('Authorization', ZOHO_AUTHTOKEN)
    .ok(() => true);
  return { status: res.status, body: res.body };
}

run(() => ticket('41000000001'));
