const axios = require('axios');

async function items(token, filters) {
  let url = 'https://inventory.zoho.com/api/v1/items?authtoken=' + token;
  for (const key in filters) {
    url += '&' + key + '=' + filters[key];
  }
  const answer = await axios.get(url);
  return answer.data.items;
}

module.exports = { items };
