const axios = require('axios');

async function items(token, page) {
  const paging = page ? '&page=' + page : '';
  const answer = await axios.get('https://inventory.zoho.com/api/v1/items?organization_id=1&authtoken=' + token + paging);
  return answer.data.items;
}

module.exports = { items };
