const fetch = require('node-fetch');
const { accessToken: zohoAccessToken } = require('./zoho-access-token.cjs');

async function headers() {
  return { Authorization: 'Zoho-oauthtoken ' + await zohoAccessToken() };
}

async function tickets() {
  return fetch('https://desk.zoho.com/api/v1/tickets', { headers: await headers() });
}

async function accounts() {
  return fetch('https://desk.zoho.com/api/v1/accounts', { headers: await headers() });
}
module.exports = { tickets, accounts };
