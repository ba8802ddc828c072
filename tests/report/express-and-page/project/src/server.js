const express = require('express');
const axios = require('axios');
const app = express();

app.get('/invoices', async (req, res) => {
  const { data } = await axios.get('https://books.zoho.in/api/v3/invoices', {
    params: { authtoken: process.env.ZOHO_AUTHTOKEN, organization_id: '1' },
  });
  res.json(data);
});
