import axios from 'axios';

const client = axios.create({
  baseURL: 'https://subscriptions.zoho.com/api/v1/',
  timeout: 10000,
  headers: {
    'X-com-zoho-subscriptions-organizationid': process.env.ZOHO_ORG, 
    Authorization: `Zoho-authtoken ${process.env.ZOHO_SUBSCRIPTIONS_TOKEN}`,
  },
});

export const plans = () => client.get('plans').then((r) => r.data.plans);
export const customers = (page) => client.get('customers', { params: { page } });
