const axios = require('axios');

function ticket(id) {
  if (!id) throw new TypeError('no id');
  return axios.get('https://desk.zoho.com/api/v1/tickets/' + id, { headers: { Authorization: 'Zoho-authtoken ' + process.env.ZOHO_AUTHTOKEN } });
}

module.exports = ticket;
