// Shape `scheme-header-promise-chain`: node-fetch 2, `Authorization` by concatenation, a function that returns a
// promise and is not async, token from the environment.
'use strict';

const run = require('../driver.cjs');
const fetch = require('node-fetch');

const ORG_ID = '700000001';

function openTickets() {
  return fetch('https://desk.zoho.com/api/v1/tickets?status=open', {
    method: 'GET',
    headers: {
      orgId: ORG_ID,
      Authorization: 'Zoho-authtoken ' + process.env.ZOHO_AUTHTOKEN,
    },
  }).then(function (res) {
    return res.text().then(function (text) {
      return { status: res.status, body: text };
    });
  });
}

run(openTickets);
