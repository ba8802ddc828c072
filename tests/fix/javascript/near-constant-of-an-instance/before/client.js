const axios = require('axios');

const headers = { Authorization: 'Zoho-authtoken ' + process.env.ZOHO_AUTHTOKEN };

function client() {
  return axios.create({ baseURL: 'https://desk.zoho.com/api/v1', headers });
}

exports.tickets = async () => (await client().get('/tickets')).data;
