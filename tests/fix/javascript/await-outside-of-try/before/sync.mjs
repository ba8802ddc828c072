import fetch from 'node-fetch';

export async function inside(id) {
  try {
    const headers = { Authorization: `Zoho-authtoken ${process.env.ZOHO_AUTHTOKEN}` };
    return await fetch(`https://books.zoho.com/api/v3/bills/${id}`, { headers });
  } catch (error) {
    return null;
  }
}

export async function outside(id) {
  const headers = { Authorization: `Zoho-authtoken ${process.env.ZOHO_AUTHTOKEN}` };
  try {
    return await fetch(`https://books.zoho.com/api/v3/bills/${id}`, { headers });
  } catch (error) {
    return null;
  }
}
