// The program of the same name, migrated by hand: what the mock and the checks must see as working.
'use strict';

const run = require('../driver.cjs');
const axios = require('axios');
const config = require('./config.json');
const { accessToken } = require('./zoho-oauth');

async function listContacts() {
  const res = await axios.get('https://books.zoho.eu/api/v3/contacts', {
    params: {
      organization_id: config.zoho.organizationId,
      per_page: 50,
    },
    headers: { Authorization: `Zoho-oauthtoken ${await accessToken()}` },
    validateStatus: () => true,
  });
  return { status: res.status, body: res.data };
}

run(listContacts);
