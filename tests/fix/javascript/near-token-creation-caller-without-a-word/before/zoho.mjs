import axios from 'axios';

async function create(email, password) {
  const { data } = await axios.get('https://accounts.zoho.com/apiauthtoken/nb/create', {
    params: { SCOPE: 'ZohoBooks/booksapi', EMAIL_ID: email, PASSWORD: password },
  });
  let token;
  for (const line of data.split('\n')) {
    if (line.startsWith('AUTHTOKEN=')) {
      token = line.slice('AUTHTOKEN='.length);
    }
  }
  if (!token) {
    throw new Error('no token');
  }
  return token;
}

// Looks the user up.
export async function tokenOf(user) {
  return create(user.email, user.password);
}

export async function contacts(user) {
  const token = await tokenOf(user);
  const { data } = await axios.get('https://books.zoho.com/api/v3/contacts', {
    params: { authtoken: token, organization_id: user.organization },
  });
  return data.contacts;
}
