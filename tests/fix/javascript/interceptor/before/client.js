const axios = require('axios');

const books = axios.create({ baseURL: 'https://books.zoho.com/api/v3' });

books.interceptors.request.use(config => {
  config.headers.Authorization = 'Zoho-authtoken ' + process.env.ZOHO_AUTHTOKEN;
  return config;
});

function authorize(config) {
  config.headers['Authorization'] = `Zoho-authtoken ${process.env.ZOHO_AUTHTOKEN}`;
  return config;
}
const desk = axios.create({ baseURL: 'https://desk.zoho.com/api/v1' });
desk.interceptors.request.use(authorize, error => Promise.reject(error));

axios.interceptors.request.use(function (config) {
  if (config.url.startsWith('https://desk.zoho.com')) {
    config.headers.Authorization = 'Zoho-authtoken ' + process.env.ZOHO_AUTHTOKEN;
  }
  return config;
}, null, { synchronous: true });

module.exports = { books, desk };
const inv = axios.create({ baseURL: 'https://inventory.zoho.com/api/v1' });
inv.interceptors.request.use((config) => {
  config.params = config.params || {};
  config.params.authtoken = process.env.ZOHO_AUTHTOKEN;
  config.params.organization_id = '1';
  return config;
});
inv.interceptors.request.use((config) => {
  config.params = { authtoken: process.env.ZOHO_AUTHTOKEN, organization_id: '1', ...config.params };
  return config;
});
