const axios = require('axios');
const { accessToken: zohoAccessToken } = require('../zoho-access-token.cjs');

exports.close = async (id) =>
  axios.patch('https://desk.zoho.com/api/v1/tickets/' + id, { status: 'Closed' }, { headers: { Authorization: 'Zoho-oauthtoken ' + await zohoAccessToken() } });
