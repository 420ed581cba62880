// Cases as text, as tests/it/archive.rs reads them: a comment, then every file behind a line `-- NAME --`
// (https://pkg.go.dev/golang.org/x/tools/txtar). Files that such a text cannot hold are in a folder beside the archive
// that has its name.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const HEADER = /^-- (.+) --$/;

/** The archive in a file: its comment, and its files by their names. */
export function readArchive(file) {
  const archive = { comment: '', files: new Map() };
  let name;
  for (const line of readFileSync(file, 'utf8').split(/(?<=\n)/)) {
    const header = HEADER.exec(line.replace(/\n$/, ''));
    if (header) archive.files.set(name = header[1], '');
    else if (name === undefined) archive.comment += line;
    else archive.files.set(name, archive.files.get(name) + line);
  }
  return archive;
}

export function writeArchive(file, { comment = '', files }) {
  let text = comment;
  for (const [name, content] of files) {
    if ((content && !content.endsWith('\n')) || content.split('\n').some(line => HEADER.test(line)))
      throw new Error(`${file}: ${name} does not fit into an archive`);
    text += `-- ${name} --\n${content}`;
  }
  writeFileSync(file, text);
}

/** The names of the archives in a folder, sorted. */
export function archivesIn(folder) {
  return readdirSync(folder).filter(name => name.endsWith('.txtar')).map(name => name.slice(0, -6)).sort();
}

/** The content of a file of an archive, or of the folder beside it. */
export function readFrom(folder, archive, file) {
  const content = readArchive(path.join(folder, `${archive}.txtar`)).files.get(file);
  if (content !== undefined) return Buffer.from(content);
  const beside = path.join(folder, archive, file);
  return existsSync(beside) ? readFileSync(beside) : undefined;
}
