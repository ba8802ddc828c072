interface Ticket {
  id: string;
  subject: string;
}

const AUTH_TOKEN: string = process.env.ZOHO_DESK_TOKEN as string;

export async function getTicket(id: string): Promise<Ticket> {
  const response: Response = await fetch(`https://desk.zoho.com/api/v1/tickets/${id}`, {
    headers: {
      orgId: '60001280952',
      Authorization: AUTH_TOKEN!,
    },
  });
  return (await response.json()) as Ticket;
}
