const fetch = require('node-fetch');

async function logout(token) {
  console.log('signing out');
}

module.exports = logout;
