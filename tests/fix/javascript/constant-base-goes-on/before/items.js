const axios = require('axios');

const BASE = 'https://inventory.zoho.com/api/v1/items?authtoken=' + process.env.ZOHO_TOKEN;

async function items(page) {
  const answer = await axios.get(BASE + '&page=' + page);
  return answer.data.items;
}

module.exports = { items };
