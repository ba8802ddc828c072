const axios = require('axios');
const config = require('../config/zoho.json');
const { accessToken: zohoAccessToken } = require('./zoho-access-token.cjs');

async function tickets() {
  const answer = await axios.get('https://desk.zoho.com/api/v1/tickets', {
    headers: { Authorization: 'Zoho-oauthtoken ' + await zohoAccessToken(), orgId: config.zoho.orgId },
  });
  return answer.data;
}

module.exports = { tickets };
