export default {
  organization: '10234695',
  booksToken: 'b0a710adfee1dead5ca1ab1e0ddba115',
};
