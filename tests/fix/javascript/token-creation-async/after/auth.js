const { accessToken: zohoAccessToken } = require('./zoho-access-token.cjs');

// Makes a token for the user.
async function createToken(email, password) {
  return await zohoAccessToken();
}

module.exports = { createToken };
