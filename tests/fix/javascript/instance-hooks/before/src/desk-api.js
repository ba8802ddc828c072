import ky from 'ky';
import { DESK_AUTH } from './constants.js';

const desk = ky.extend({
  prefixUrl: 'https://desk.zoho.com/api/v1',
  headers: {
    orgId: '4000123',
    authorization: DESK_AUTH,
  },
});

export const ticket = (id) => desk.get(`tickets/${id}`).json();
