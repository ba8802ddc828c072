const axios = require('axios');

const tickets = async (auth) =>
  axios.get('https://desk.zoho.com/api/v1/tickets', { headers: { Authorization: auth.authorization } });

module.exports = { tickets };
