const axios = require('axios');
const { accessToken: zohoAccessToken } = require('./zoho-access-token.cjs');

async function listItems({ authtoken, organizationId }) {
  const { data } = await axios.get('https://inventory.zoho.com/api/v1/items', {
    headers: { Authorization: 'Zoho-oauthtoken ' + await zohoAccessToken() },
    params: {
      organization_id: organizationId,
      per_page: 200,
    },
  });
  return data.items;
}

module.exports = listItems;
