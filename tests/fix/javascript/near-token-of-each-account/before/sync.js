const axios = require('axios');

async function syncAll(accounts) {
  for (const account of accounts) {
    await axios.get('https://desk.zoho.com/api/v1/tickets', {
      headers: { orgId: account.org, Authorization: 'Zoho-authtoken ' + account.token },
    });
  }
}

function syncEach(accounts) {
  accounts.forEach(async (a) => {
    await axios.get('https://desk.zoho.com/api/v1/contacts', {
      headers: { orgId: a.org, Authorization: 'Zoho-authtoken ' + a.token },
    });
  });
}

async function syncUser(users, id) {
  const user = await users.findOne({ id });
  await axios.get('https://desk.zoho.com/api/v1/agents', {
    headers: { orgId: user.org, Authorization: 'Zoho-authtoken ' + user.zohoToken },
  });
}

module.exports = { syncAll, syncEach, syncUser };
