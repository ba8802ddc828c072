import config from './config';
import { accessToken as zohoAccessToken } from './zoho-access-token.cjs';

export const getInvoices = async (page) => {
  const res = await fetch(`https://books.zoho.com/api/v3/invoices?organization_id=${config.organization}&page=${page}`, { headers: { Authorization: 'Zoho-oauthtoken ' + await zohoAccessToken() } });
  const body = await res.json();
  return body.invoices;
};
