import https from 'node:https';
import fetch from 'node-fetch';

const login = (email, password) =>
  new Promise((resolve, reject) => {
    const url = `https://accounts.zoho.com/apiauthtoken/nb/create?SCOPE=ZohoCreator/creatorapi&EMAIL_ID=${email}&PASSWORD=${password}`;
    https
      .get(url, (response) => {
        let body = '';
        response.on('data', (chunk) => {
          body += chunk;
        });
        response.on('end', () => {
          const token = body.substring(body.indexOf('AUTHTOKEN=') + 10, body.indexOf('\nRESULT'));
          resolve(token);
        });
      })
      .on('error', reject);
  });

export async function invoices(organization) {
  const token = await login(process.env.ZOHO_EMAIL, process.env.ZOHO_PASSWORD);
  const response = await fetch(`https://books.zoho.com/api/v3/invoices?organization_id=${organization}&authtoken=${token}`);
  return response.json();
}
