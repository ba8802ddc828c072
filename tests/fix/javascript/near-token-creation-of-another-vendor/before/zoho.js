// Zoho is called elsewhere: https://desk.zoho.com
const axios = require('axios');

async function createToken(email, password) {
  const answer = await axios.post('https://accounts.example.com/api/authtoken/create', { email, password });
  return answer.data.split('AUTHTOKEN=')[1];
}

module.exports = createToken;
