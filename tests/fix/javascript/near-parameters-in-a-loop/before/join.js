const axios = require('axios');

const BASE = 'https://inventory.zoho.com/api/v1/';

async function items(token) {
  const answer = await axios.get([BASE + 'items?authtoken=' + token, 'organization_id=1', 'page=2'].join('&'));
  return answer.data.items;
}

module.exports = { items };
