const axios = require('axios');
const { accessToken: zohoAccessToken } = require('./zoho-access-token.cjs');

async function invoices() {
  return axios.get('https://books.zoho.com/api/v3/invoices', {
    headers: { Authorization: 'Zoho-oauthtoken ' + await zohoAccessToken() },
  });
}

async function contacts() {
  return axios.get('https://books.zoho.com/api/v3/contacts', {
    headers: { Authorization: 'Zoho-oauthtoken ' + await zohoAccessToken() },
  });
}

module.exports = { invoices, contacts };
