const axios = require('axios');
const { accessToken: zohoAccessToken } = require('./zoho-access-token.cjs');

exports.tickets = async () =>
  axios.get('https://desk.zoho.com/api/v1/tickets', { headers: { Authorization: 'Zoho-oauthtoken ' + await zohoAccessToken() } });
