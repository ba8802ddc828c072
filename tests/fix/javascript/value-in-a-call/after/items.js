const axios = require('axios');
const { accessToken: zohoAccessToken } = require('./zoho-access-token.cjs');

async function items(token, page) {
  const answer = await axios.get('https://inventory.zoho.com/api/v1/items?organization_id=1&page=' + page, { headers: { Authorization: 'Zoho-oauthtoken ' + await zohoAccessToken() } });
  return answer.data.items;
}

async function last(token) {
  const answer = await axios.get(`https://inventory.zoho.com/api/v1/items?organization_id=1`, { headers: { Authorization: 'Zoho-oauthtoken ' + await zohoAccessToken() } });
  return answer.data.items;
}

module.exports = { items, last };
