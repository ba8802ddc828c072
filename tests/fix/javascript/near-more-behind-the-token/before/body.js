const axios = require('axios');

async function create(token, options) {
  const answer = await axios.post('https://inventory.zoho.com/api/v1/items', 'authtoken=' + token + options.body);
  return answer.data.item;
}

module.exports = { create };
