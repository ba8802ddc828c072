const axios = require('axios');

async function items(token, q) {
  const answer = await axios.get('https://inventory.zoho.com/api/v1/items?authtoken=' + token + (q ? '&search_text=' + q : ''));
  return answer.data.items;
}

module.exports = { items };
