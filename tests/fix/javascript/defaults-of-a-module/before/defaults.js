const axios = require('axios');
axios.defaults.baseURL = 'https://desk.zoho.com/api/v1';
axios.defaults.headers.common['Authorization'] = 'Zoho-authtoken ' + process.env.ZOHO_AUTHTOKEN;
axios.defaults.headers.common['orgId'] = '1';
module.exports = {
  tickets: () => axios.get('/tickets'),
  ticket: async (id) => (await axios.get(`/tickets/${id}`)).data,
};
