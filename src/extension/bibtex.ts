/** A citation for the bibliography of a paper. */
import type { Citation } from '../protocol/report';

/** `@misc`, because a venue alone does not tell articles from proceedings; names and title as they are published. */
export function bibtexOf({ authors, year, title, venue, url }: Citation): string {
  const names = authors.split(/, | and /u).map((name) => name.trim());
  const fields = [
    ['author', names.map(escaped).join(' and ')],
    // Braces keep the capitals of names.
    ['title', `{${escaped(title)}}`],
    ['howpublished', escaped(venue)],
    ['year', String(year)],
    ...(url === undefined ? [] : [['url', url]]),
  ];
  return `@misc{${keyOf(names[0], year, title)},\n${fields.map(([name, value]) => `  ${name} = {${value}},\n`).join('')}}\n`;
}

/** "woodworth2020kernel": the last name of the first author, the year, the first long word of the title. */
function keyOf(author: string, year: number, title: string): string {
  const plain = (text: string): string =>
    text
      .normalize('NFD')
      .replace(/[^A-Za-z]/gu, '')
      .toLowerCase();
  const words = title.split(/[\s-]+/u).map(plain);
  return `${plain(author.split(' ').at(-1) ?? '')}${year}${words.find((word) => word.length > 3) ?? words[0]}`;
}

function escaped(text: string): string {
  return text.replace(/[\\{}]/gu, '').replace(/[&%$#_]/gu, '\\$&');
}
