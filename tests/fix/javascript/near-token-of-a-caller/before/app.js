const express = require('express');
const axios = require('axios');

const app = express();

app.get('/tickets', async (req, res) => {
  const answer = await axios.get('https://desk.zoho.com/api/v1/tickets', {
    headers: { orgId: '12345', Authorization: 'Zoho-authtoken ' + req.query.authtoken },
  });
  res.json(answer.data);
});

app.get('/mine', async (req, res) => {
  const { zohoToken } = req.user;
  const answer = await axios.get('https://desk.zoho.com/api/v1/contacts', {
    headers: { orgId: '12345', Authorization: 'Zoho-authtoken ' + zohoToken },
  });
  res.json(answer.data);
});
