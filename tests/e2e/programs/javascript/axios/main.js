// Shape `query-object`: axios in an async function, the authtoken as a key of `params`, token from config.json, data
// centre EU.
'use strict';

const run = require('../driver.cjs');
const axios = require('axios');
const config = require('./config.json');

async function listContacts() {
  const res = await axios.get('https://books.zoho.eu/api/v3/contacts', {
    params: {
      authtoken: config.zoho.authtoken,
      organization_id: config.zoho.organizationId,
      per_page: 50,
    },
    validateStatus: () => true,
  });
  return { status: res.status, body: res.data };
}

run(listContacts);
