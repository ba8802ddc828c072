const fetch = require('node-fetch');

function headers() {
  return { Authorization: 'Zoho-authtoken ' + process.env.ZOHO_AUTHTOKEN };
}

function tickets() {
  return fetch('https://desk.zoho.com/api/v1/tickets', { headers: headers() });
}

async function accounts() {
  return fetch('https://desk.zoho.com/api/v1/accounts', { headers: headers() });
}
module.exports = { tickets, accounts };
