const axios = require('axios');
const { accessToken: zohoAccessToken } = require('./zoho-access-token.cjs');

async function tickets() {
  const answer = await axios.get('https://desk.zoho.com/api/v1/tickets', {
    headers: { Authorization: 'Zoho-oauthtoken ' + await zohoAccessToken(), orgId: process.env.ZOHO_ORG },
  });
  return answer.data;
}

module.exports = { tickets };
