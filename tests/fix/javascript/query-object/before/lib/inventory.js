const axios = require('axios');

async function listItems({ authtoken, organizationId }) {
  const { data } = await axios.get('https://inventory.zoho.com/api/v1/items', {
    params: {
      organization_id: organizationId,
      authtoken,
      per_page: 200,
    },
  });
  return data.items;
}

module.exports = listItems;
