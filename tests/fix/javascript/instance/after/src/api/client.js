import axios from 'axios';
import { accessToken as zohoAccessToken } from './zoho-access-token.cjs';

const client = axios.create({
  baseURL: 'https://subscriptions.zoho.com/api/v1/',
  timeout: 10000,
  headers: {
    'X-com-zoho-subscriptions-organizationid': process.env.ZOHO_ORG,
  },
});
client.interceptors.request.use(async (config) => {
  config.headers.Authorization = config.headers.Authorization || config.headers.authorization || 'Zoho-oauthtoken ' + await zohoAccessToken();
  return config;
});

export const plans = () => client.get('plans').then((r) => r.data.plans);
export const customers = (page) => client.get('customers', { params: { page } });
