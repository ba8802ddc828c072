const fetch = require('node-fetch');

async function logout(token) {
  console.log('signing out');
  await fetch('https://accounts.zoho.com/apiauthtoken/delete?AUTHTOKEN=' + token);
}

module.exports = logout;
