/** Lets the columns with `data-sort` be sorted: a button in each heading, by the `data-key` of the cells. */
export function makeSortable(table: HTMLTableElement): void {
  for (const heading of table.querySelectorAll<HTMLTableCellElement>('th[data-sort]')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = heading.textContent;
    button.addEventListener('click', () => sortBy(table, heading));
    heading.replaceChildren(button);
  }
}

function sortBy(table: HTMLTableElement, heading: HTMLTableCellElement): void {
  const descending = heading.getAttribute('aria-sort') !== 'descending';
  for (const other of table.querySelectorAll('th[aria-sort]')) other.removeAttribute('aria-sort');
  heading.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
  const body = table.tBodies[0];
  const rows = [...(body?.rows ?? [])];
  const key = (row: HTMLTableRowElement) => row.cells[heading.cellIndex]?.dataset.key ?? '';
  const numeric = rows.every((row) => key(row) !== '' && !Number.isNaN(Number(key(row))));
  const order = (a: HTMLTableRowElement, b: HTMLTableRowElement) =>
    numeric ? Number(key(a)) - Number(key(b)) : key(a).localeCompare(key(b), 'en');
  body?.append(...rows.toSorted((a, b) => (descending ? order(b, a) : order(a, b))));
}
