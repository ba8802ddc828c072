const axios = require('axios');

let cached = null;

async function login(mail, pass) {
  const answer = await axios.get('https://accounts.zoho.com/apiauthtoken/nb/create', {
    params: { SCOPE: 'ZohoSupport/supportapi', EMAIL_ID: mail, PASSWORD: pass },
  });
  console.log(answer.status);
  return answer.data.split('AUTHTOKEN=')[1].split('\n')[0];
}

async function tickets(mail, pass) {
  cached = cached || await login(mail, pass);
  const answer = await axios.get('https://desk.zoho.com/api/v1/tickets', {
    headers: { orgId: '12345', Authorization: 'Zoho-authtoken ' + cached },
    validateStatus: () => true,
  });
  if (answer.status === 401) {
    cached = null;
    return tickets(mail, pass);
  }
  return answer.data;
}

module.exports = { login, tickets };
