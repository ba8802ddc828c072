const axios = require('axios');

exports.close = async (id) =>
  axios.patch('https://desk.zoho.com/api/v1/tickets/' + id, { status: 'Closed' }, { headers: { Authorization: 'Zoho-authtoken ' + process.env.DESK_TOKEN } });
