import got from 'got';
import { accessToken as zohoAccessToken } from './zoho-access-token.mjs';

const token = process.env.ZOHO_AUTHTOKEN;

export async function expenses(organization) {
  const { invoices } = await got('https://invoice.zoho.com/api/v3/invoices', {
    headers: { Authorization: 'Zoho-oauthtoken ' + await zohoAccessToken() },
    searchParams: { organization_id: organization },
  }).json();
  return invoices;
}
