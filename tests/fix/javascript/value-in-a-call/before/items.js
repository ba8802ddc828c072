const axios = require('axios');

async function items(token, page) {
  const answer = await axios.get('https://inventory.zoho.com/api/v1/items?organization_id=1&authtoken=' + encodeURIComponent(token) + '&page=' + page);
  return answer.data.items;
}

async function last(token) {
  const answer = await axios.get(`https://inventory.zoho.com/api/v1/items?organization_id=1&authtoken=${encodeURIComponent(token)}`);
  return answer.data.items;
}

module.exports = { items, last };
