import axios from 'axios';
import { accessToken as zohoAccessToken } from './zoho-access-token';

const http = axios.create({ baseURL: 'https://desk.zoho.in/api/v1/' });

http.interceptors.request.use(async (config) => {
  config.headers['Authorization'] = 'Zoho-oauthtoken ' + await zohoAccessToken();
  return config;
});

export const tickets = () => http.get('tickets');
