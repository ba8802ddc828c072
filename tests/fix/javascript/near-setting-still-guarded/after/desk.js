const axios = require('axios');
const { accessToken: zohoAccessToken } = require('./zoho-access-token.cjs');

// leaked: Zoho-oauthtoken ACCESS_TOKEN
const ZOHO_AUTHTOKEN = process.env.ZOHO_AUTHTOKEN;
if (!ZOHO_AUTHTOKEN) throw new Error('ZOHO_AUTHTOKEN is missing');

async function tickets() {
  return axios.get('https://desk.zoho.com/api/v1/tickets', {
    headers: { Authorization: 'Zoho-oauthtoken ' + await zohoAccessToken() },
  });
}
module.exports = { tickets };
