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

/** The archives in a folder, sorted. */
function archivesIn(folder) {
  return readdirSync(folder).filter(name => name.endsWith('.txtar')).sort().map(name => path.join(folder, name));
}

/** The cases of a folder's archives, each a folder of one: the files of the archives by the names of the cases. */
export function casesIn(folder) {
  const cases = new Map();
  for (const file of archivesIn(folder))
    for (const name of readArchive(file).files.keys()) cases.set(name.split('/')[0], file);
  return cases;
}

/** The content of a case's file, in its archive or in the folder beside that. */
export function readFrom(archive, name) {
  const content = readArchive(archive).files.get(name);
  if (content !== undefined) return Buffer.from(content);
  const beside = path.join(archive.replace(/\.txtar$/, ''), name);
  return existsSync(beside) ? readFileSync(beside) : undefined;
}

/** Puts a file into an archive: in its place, or behind the other files of its case. */
export function putInto(file, name, content) {
  const { comment, files } = readArchive(file);
  if (files.has(name)) files.set(name, content);
  const entries = [...files];
  if (!files.has(name)) {
    const isBeside = ([other]) => other.split('/')[0] === name.split('/')[0];
    entries.splice(entries.findLastIndex(isBeside) + 1, 0, [name, content]);
  }
  writeArchive(file, { comment, files: entries });
}
