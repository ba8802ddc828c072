import config from './config';

export const getInvoices = async (page) => {
  const res = await fetch(`https://books.zoho.com/api/v3/invoices?authtoken=${config.booksToken}&organization_id=${config.organization}&page=${page}`);
  const body = await res.json();
  return body.invoices;
};
