const axios = require('axios');

module.exports = () =>
  axios.get('https://books.zoho.com/api/v3/invoices', {
    params: { authtoken: process.env.ZOHO_BOOKS_AUTHTOKEN },
  });
