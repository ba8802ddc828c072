const axios = require('axios');
const qs = require('qs');

const EMAIL = 'somebody@example.com';
const PASSWORD = 'blue-horse';

function parse(body) {
  const line = body.split('\n').find((one) => one.startsWith('AUTHTOKEN='));
  return line.split('=')[1];
}

function authtoken() {
  return axios
    .post('https://accounts.zoho.eu/apiauthtoken/nb/create', qs.stringify({ SCOPE: 'ZohoBooks/booksapi', EMAIL_ID: EMAIL, PASSWORD }))
    .then((answer) => parse(answer.data));
}

function invoices(organization) {
  return authtoken().then((token) =>
    axios.get('https://books.zoho.eu/api/v3/invoices', {
      params: { authtoken: token, organization_id: organization },
    }),
  );
}

module.exports = invoices;
