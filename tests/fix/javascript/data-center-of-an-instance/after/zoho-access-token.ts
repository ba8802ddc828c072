authshift helper: typescript
const ACCOUNTS_URL: string = 'https://accounts.zoho.in';
