const axios = require('axios');

module.exports = (token) => axios.get('https://books.zoho.in/api/v3/contacts', {
  headers: { Authorization: 'Zoho-oauthtoken ' + token },
});
