const axios = require('axios');

async function invoices() {
  return axios.get('https://books.zoho.com/api/v3/invoices', {
    headers: { Authorization: 'Zoho-authtoken ' + (process.env.BOOKS_AUTHTOKEN || process.env.ZOHO_AUTHTOKEN) },
  });
}

async function contacts() {
  return axios.get('https://books.zoho.com/api/v3/contacts', {
    headers: { Authorization: 'Zoho-authtoken ' + process.env.ZOHO_AUTHTOKEN },
  });
}

module.exports = { invoices, contacts };
