import axios from 'axios';

const http = axios.create({ baseURL: 'https://desk.zoho.in/api/v1/' });

http.interceptors.request.use((config) => {
  config.headers['Authorization'] = 'Zoho-authtoken ' + process.env.ZOHO_AUTHTOKEN;
  return config;
});

export const tickets = () => http.get('tickets');
