import React, { useEffect, useState } from 'react';

const ORG = '60001280952';

export default function Tickets({ status }) {
  const [tickets, setTickets] = useState([]);

  useEffect(() => {
    fetch(`https://desk.zoho.com/api/v1/tickets?status=${status}`, {
      headers: {
        orgId: ORG,
        Authorization: process.env.REACT_APP_ZOHO_AUTH_TOKEN,
      },
    })
      .then((res) => res.json())
      .then((body) => setTickets(body.data));
  }, [status]);

  return (
    <ul className="tickets">
      {tickets.map((t) => <li key={t.id}>{t.subject} — it&apos;s {t.status}</li>)}
    </ul>
  );
}
