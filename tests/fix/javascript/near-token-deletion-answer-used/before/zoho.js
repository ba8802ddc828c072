const fetch = require('node-fetch');

async function logout(token) {
  const answer = await fetch('https://accounts.zoho.com/apiauthtoken/delete?AUTHTOKEN=' + token);
  return answer.ok;
}

module.exports = logout;
