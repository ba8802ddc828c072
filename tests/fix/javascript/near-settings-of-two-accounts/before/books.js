const axios = require('axios');

async function acme() {
  return axios.get('https://books.zoho.com/api/v3/invoices', {
    headers: { Authorization: 'Zoho-authtoken ' + process.env.ZOHO_TOKEN_ACME },
  });
}

async function globex() {
  return axios.get('https://books.zoho.com/api/v3/invoices', {
    headers: { Authorization: 'Zoho-authtoken ' + process.env.ZOHO_TOKEN_GLOBEX },
  });
}

module.exports = { acme, globex };
