// Shape `search-params-object`: ky in an async function of an ES module, the authtoken as a key of `searchParams`, token
// from the environment, data centre EU.
import ky from 'ky';
import run from '../driver.cjs';

const organizationId = '700000002';

async function overdueInvoices() {
  const response = await ky.get('https://books.zoho.eu/api/v3/invoices', {
    searchParams: {
      organization_id: organizationId,
      authtoken: process.env.ZOHO_AUTHTOKEN,
      status: 'overdue',
    },
    throwHttpErrors: false,
  });
  return { status: response.status, body: await response.text() };
}

run(overdueInvoices);
