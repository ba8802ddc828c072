const axios = require('axios');

async function poll(token) {
  const headers = { orgId: '12345', Authorization: 'Zoho-authtoken ' + token };
  while (true) {
    await axios.get('https://desk.zoho.com/api/v1/tickets', { headers });
    await new Promise((resolve) => setTimeout(resolve, 60000));
  }
}

async function follow(token) {
  const options = { headers: { orgId: '12345', Authorization: 'Zoho-authtoken ' + token } };
  for (;;) {
    const answer = await axios.get('https://desk.zoho.com/api/v1/contacts', options);
    console.log(answer.data);
  }
}

async function* pages(token) {
  const headers = { orgId: '12345', Authorization: 'Zoho-authtoken ' + token };
  for (let from = 0; from < 1000; from += 50) {
    yield await axios.get('https://desk.zoho.com/api/v1/agents?from=' + from, { headers });
  }
}

module.exports = { poll, follow, pages };
