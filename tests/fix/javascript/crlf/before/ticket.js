const axios = require('axios');

module.exports = (id) => {
  const headers = { Authorization: 'Zoho-authtoken ' + process.env.ZOHO_AUTHTOKEN };
  return axios.get('https://desk.zoho.com/api/v1/tickets/' + id, { headers }).catch(() => null);
};