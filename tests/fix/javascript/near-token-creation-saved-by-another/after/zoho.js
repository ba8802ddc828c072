const axios = require('axios');
const fs = require('fs');
const qs = require('qs');
const { accessToken: zohoAccessToken } = require('./zoho-access-token.cjs');

const EMAIL = 'somebody@example.com';
const PASSWORD = 'blue-horse';

function parse(body) {
  const line = body.split('\n').find((one) => one.startsWith('AUTHTOKEN='));
  return line.split('=')[1];
}

function keep(token) {
  fs.writeFileSync('token.txt', token);
  return token;
}

function authtoken() {
  return axios
    .post('https://accounts.zoho.eu/apiauthtoken/nb/create', qs.stringify({ SCOPE: 'ZohoBooks/booksapi', EMAIL_ID: EMAIL, PASSWORD }))
    .then((answer) => parse(answer.data))
    .then(keep);
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
