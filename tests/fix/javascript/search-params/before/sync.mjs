import got from 'got';

const token = process.env.ZOHO_AUTHTOKEN;

export async function expenses(organization) {
  const { invoices } = await got('https://invoice.zoho.com/api/v3/invoices', {
    searchParams: { authtoken: token, organization_id: organization },
  }).json();
  return invoices;
}
