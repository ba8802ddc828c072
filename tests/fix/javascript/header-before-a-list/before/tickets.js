const axios = require('axios');

async function all(ids, token) {
  const headers = { orgId: '12345', Authorization: 'Zoho-authtoken ' + token };
  const found = [];
  for (const id of ids) {
    found.push(await axios.get('https://desk.zoho.com/api/v1/tickets/' + id, { headers }));
  }
  return found;
}

async function pages(token) {
  const headers = { orgId: '12345', Authorization: 'Zoho-authtoken ' + token };
  let more = true;
  let from = 0;
  while (more) {
    const answer = await axios.get('https://desk.zoho.com/api/v1/contacts?from=' + from, { headers });
    more = answer.data.length > 0;
    from += 50;
  }
}

async function polls(token) {
  while (true) {
    const headers = { orgId: '12345', Authorization: 'Zoho-authtoken ' + token };
    await axios.get('https://desk.zoho.com/api/v1/agents', { headers });
  }
}

module.exports = { all, pages, polls };
