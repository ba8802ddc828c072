import axios from 'axios';
import got from 'got';

const BOOKS = 'https://books.zoho.com/api/v3';

export async function byText(token) {
  const params = new URLSearchParams();
  params.append('authtoken', token);
  params.append('organization_id', '10234695');
  const answer = await axios.get(`${BOOKS}/invoices?` + params.toString());
  return answer.data;
}

export async function byUrl(token) {
  const url = new URL(BOOKS + '/invoices');
  url.searchParams.set('authtoken', token);
  url.searchParams.set('organization_id', '10234695');
  const answer = await fetch(url.toString());
  return answer.json();
}

export async function byForm(token) {
  const form = new FormData();
  form.append('authtoken', token);
  form.append('JSONString', '{}');
  return fetch(BOOKS + '/invoices', { method: 'POST', body: form });
}

export async function byOneParameter(token) {
  return got(BOOKS + '/invoices', { searchParams: { authtoken: token } }).json();
}
