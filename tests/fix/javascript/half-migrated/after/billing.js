const axios = require('axios');

async function invoices(getAccessToken, authtoken, organization) {
  const res = await axios.get(
    `https://invoice.zoho.com/api/v3/invoices?organization_id=${organization}`,
    { headers: { Authorization: `Zoho-oauthtoken ${await getAccessToken()}` } },
  );
  return res.data.invoices;
}

module.exports = { invoices };
