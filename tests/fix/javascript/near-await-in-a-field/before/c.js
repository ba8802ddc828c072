const axios = require('axios');

module.exports = async () => {
  class Tickets {
    first = axios.get('https://desk.zoho.com/api/v1/tickets', { headers: { Authorization: 'Zoho-authtoken ' + process.env.ZOHO_AUTHTOKEN } });

    static {
      axios.get('https://desk.zoho.com/api/v1/agents', { headers: { Authorization: 'Zoho-authtoken ' + process.env.ZOHO_AUTHTOKEN } });
    }
  }
  return new Tickets().first;
};
