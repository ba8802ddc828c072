import axios from 'axios';
import got from 'got';
import { accessToken as zohoAccessToken } from './zoho-access-token.mjs';

const BOOKS = 'https://books.zoho.com/api/v3';

export async function byText(token) {
  const params = new URLSearchParams();
  params.append('organization_id', '10234695');
  const answer = await axios.get(`${BOOKS}/invoices?` + params.toString(), { headers: { Authorization: 'Zoho-oauthtoken ' + await zohoAccessToken() } });
  return answer.data;
}

export async function byUrl(token) {
  const url = new URL(BOOKS + '/invoices');
  url.searchParams.set('organization_id', '10234695');
  const answer = await fetch(url.toString(), { headers: { Authorization: 'Zoho-oauthtoken ' + await zohoAccessToken() } });
  return answer.json();
}

export async function byForm(token) {
  const form = new FormData();
  form.append('JSONString', '{}');
  return fetch(BOOKS + '/invoices', { headers: { Authorization: 'Zoho-oauthtoken ' + await zohoAccessToken() }, method: 'POST', body: form });
}

export async function byOneParameter(token) {
  return got(BOOKS + '/invoices', { headers: { Authorization: 'Zoho-oauthtoken ' + await zohoAccessToken() }, searchParams: {} }).json();
}
