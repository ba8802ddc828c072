const axios = require('axios');

// Callers hand over more options, and what is in them is not known here.
function tickets(options) {
  return axios.request(Object.assign(options, {
    url: 'https://desk.zoho.com/api/v1/tickets',
    params: new Map([['authtoken', process.env.ZOHO_AUTHTOKEN]]),
  }));
}

module.exports = { tickets };
