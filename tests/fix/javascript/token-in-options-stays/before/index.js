const axios = require('axios');

const config = { token: '5e7ac0ffee0badc0de1deadbeef0cafe', redirects: 3 };

exports.tickets = async () => axios.get('https://desk.zoho.com/api/v1/tickets', {
  headers: { Authorization: `Zoho-authtoken ${config.token}` },
  maxRedirects: config.redirects,
});
