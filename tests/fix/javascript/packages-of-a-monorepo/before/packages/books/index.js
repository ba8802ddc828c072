export async function items() {
  const answer = await fetch('https://books.zoho.com/api/v3/items', {
    headers: { Authorization: 'Zoho-authtoken ' + process.env.BOOKS_TOKEN },
  });
  return answer.json();
}
