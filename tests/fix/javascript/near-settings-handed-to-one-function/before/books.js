const axios = require('axios');

async function invoices(token) {
  return axios.get('https://books.zoho.com/api/v3/invoices', {
    headers: { Authorization: 'Zoho-authtoken ' + token },
  });
}

async function both() {
  await invoices(process.env.ZOHO_TOKEN_ACME);
  await invoices(process.env.ZOHO_TOKEN_GLOBEX);
}

both();
