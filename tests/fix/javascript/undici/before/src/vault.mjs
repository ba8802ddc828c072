import { request } from 'undici';

export async function secrets(authtoken) {
  const { statusCode, body } = await request('https://vault.zoho.com/api/rest/json/v1/secrets', {
    method: 'GET',
    headers: {
      authorization: `Zoho-authtoken ${authtoken}`,
      'user-agent': 'vault-export/1.0',
    },
  });
  if (statusCode !== 200) throw new Error(`vault: ${statusCode}`);
  return body.json();
}
