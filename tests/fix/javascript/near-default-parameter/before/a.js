const axios = require('axios');

async function read(path, headers = { Authorization: 'Zoho-authtoken ' + process.env.ZOHO_AUTHTOKEN }) {
  return (await axios.get('https://desk.zoho.com/api/v1/' + path, { headers })).data;
}

module.exports = read;
