const axios = require('axios');
const { accessToken: zohoAccessToken } = require('./zoho-access-token.cjs');
axios.defaults.baseURL = 'https://desk.zoho.com/api/v1';
axios.interceptors.request.use(async (config) => {
  config.headers.Authorization = config.headers.Authorization || config.headers.authorization || 'Zoho-oauthtoken ' + await zohoAccessToken();
  return config;
});
axios.defaults.headers.common['orgId'] = '1';
module.exports = {
  tickets: () => axios.get('/tickets'),
  ticket: async (id) => (await axios.get(`/tickets/${id}`)).data,
};
