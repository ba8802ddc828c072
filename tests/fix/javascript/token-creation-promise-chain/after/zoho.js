const axios = require('axios');
const { accessToken: zohoAccessToken } = require('./zoho-access-token.cjs');

function authtoken() {
  return zohoAccessToken();
}

function invoices(organization) {
  return authtoken().then(async (token) =>
    axios.get('https://books.zoho.eu/api/v3/invoices', {
      headers: { Authorization: 'Zoho-oauthtoken ' + await zohoAccessToken() },
      params: { organization_id: organization },
    }),
  );
}

module.exports = invoices;
