const axios = require('axios');

const zohoAccessToken = process.env.ZOHO_AUTHTOKEN;

exports.tickets = async () =>
  axios.get('https://desk.zoho.com/api/v1/tickets', { headers: { Authorization: 'Zoho-authtoken ' + zohoAccessToken } });
