// Shape `scheme-header-template`: undici in an async function of an ES module, `Authorization` as a template, a company
// header that Subscriptions wants, token from the environment.
import { request } from 'undici';
import run from '../driver.cjs';

const token = process.env.ZOHO_AUTHTOKEN;

async function listPlans() {
  const { statusCode, body } = await request('https://subscriptions.zoho.com/api/v1/plans', {
    headers: {
      'X-com-zoho-subscriptions-organizationid': '700000003',
      Authorization: `Zoho-authtoken ${token}`,
    },
  });
  return { status: statusCode, body: await body.text() };
}

run(listPlans);
