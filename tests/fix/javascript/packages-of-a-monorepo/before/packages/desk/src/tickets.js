const axios = require('axios');

exports.tickets = async () =>
  axios.get('https://desk.zoho.com/api/v1/tickets', { headers: { Authorization: 'Zoho-authtoken ' + process.env.DESK_TOKEN } });
