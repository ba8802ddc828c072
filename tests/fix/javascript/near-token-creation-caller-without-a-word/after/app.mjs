import { tokenOf } from './zoho.mjs';

const value = await tokenOf({ email: process.env.EMAIL, password: process.env.PASSWORD });

export const headers = () => ({ 'X-Token': value });
