const axios = require('axios');
const { accessToken: zohoAccessToken } = require('./zoho-access-token.cjs');

const BASE = 'https://inventory.zoho.com/api/v1/items';

async function items(page) {
  const answer = await axios.get(BASE + '?page=' + page, { headers: { Authorization: 'Zoho-oauthtoken ' + await zohoAccessToken() } });
  return answer.data.items;
}

module.exports = { items };
