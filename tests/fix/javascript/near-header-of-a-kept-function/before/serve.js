const axios = require('axios');

async function serve(app, queue, token) {
  const h = { orgId: '12345', Authorization: 'Zoho-authtoken ' + token };
  app.get('/tickets', async (req, res) => {
    const answer = await axios.get('https://desk.zoho.com/api/v1/tickets', { headers: h });
    res.json(answer.data);
  });
  queue.process(async (job) => {
    await axios.get('https://desk.zoho.com/api/v1/contacts', { headers: h });
  });
}

async function watch(token) {
  const headers = { orgId: '12345', Authorization: 'Zoho-authtoken ' + token };
  setInterval(async () => {
    await axios.get('https://desk.zoho.com/api/v1/agents', { headers });
  }, 60000);
}

module.exports = { serve, watch };
