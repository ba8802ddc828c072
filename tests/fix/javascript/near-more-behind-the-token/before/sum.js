const axios = require('axios');

async function items(token, options) {
  const answer = await axios.get('https://inventory.zoho.com/api/v1/items?organization_id=1&authtoken=' + token + options.filters);
  return answer.data.items;
}

module.exports = { items };
