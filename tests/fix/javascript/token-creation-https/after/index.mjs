import https from 'node:https';
import fetch from 'node-fetch';
import { accessToken as zohoAccessToken } from './zoho-access-token.mjs';

const login = (email, password) =>
  zohoAccessToken();

export async function invoices(organization) {
  const token = await login(process.env.ZOHO_EMAIL, process.env.ZOHO_PASSWORD);
  const response = await fetch(`https://books.zoho.com/api/v3/invoices?organization_id=${organization}`, { headers: { Authorization: 'Zoho-oauthtoken ' + await zohoAccessToken() } });
  return response.json();
}
